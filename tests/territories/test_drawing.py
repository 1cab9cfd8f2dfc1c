"""Drawing the map, and drawing it where few territories are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.territories.drawing import centre, fit, parse_paths, simplify, write_path
from portal.territories.map import SHAPES, build_map
from portal.territories.selectors import directory

pytestmark = pytest.mark.django_db


def test_a_directory_of_few_territories_draws_what_there_is(client):
    entries = directory()
    drawn = build_map(entries)
    assert {shape.entry.territory.code for shape in drawn.links} == {"40", "47", "32", "84", "974"}
    html = client.get("/territoires/").content.decode()
    assert html.count("<title>") == 6, "five départements and the page"


def test_directory_is_two_queries(landes_space, django_assert_num_queries):
    with django_assert_num_queries(2):
        entries = directory()
    region = next(entry for entry in entries.metropole if entry.territory.code == "75")
    assert [entry.territory.name for entry in region.children] == ["Landes", "Lot-et-Garonne"]
    assert [entry.space is not None for entry in region.children] == [True, False]
    assert entries.drom[0].territory.name == "La Réunion"


# --- Drawing ----------------------------------------------------------------------------------------------------------
def test_paths_are_read_with_their_shared_arcs():
    svg = '<path id="01" aria-label="Ain" d="m 1,1 4,0 0,0 0,4 -4,0 z m 10,0 2,0 0,2 z"/>'.replace(" aria", "\n aria")
    rings = parse_paths(svg)["01"]
    assert rings[0] == [[(1.0, 1.0), (5.0, 1.0)], [(5.0, 1.0), (5.0, 5.0), (1.0, 5.0), (1.0, 1.0)]]
    assert rings[1][0][0] == (11.0, 1.0), "a second ring starts from the first one's start"


def test_simplifying_keeps_ends_and_corners():
    assert simplify([(0, 0), (1, 0.01), (2, 0), (2, 5)], 0.5) == [(0, 0), (2, 0), (2, 5)]


def test_a_path_is_written_in_whole_numbers():
    assert write_path([[(0, 0), (10, 0), (10, 10), (0, 10)]]) == "M0 0l40 0 0 40-40 0z"


def test_fitting_and_centring():
    square = fit([[(0, 0), (1, 0), (1, 1), (0, 1)]], (10, 10, 100, 118), 0)
    assert square == [[(10, 28), (110, 28), (110, 128), (10, 128)]]
    assert centre(square) == (60, 78)


def test_the_shipped_map_holds_every_departement():
    drawn = json.loads(SHAPES.read_text())
    codes = [shape["code"] for shape in drawn["shapes"] + drawn["insets"]]
    codes += [tile["code"] for tile in drawn["collectivities"]["tiles"]]
    assert len(codes) == 109 == len(set(codes))
    assert SHAPES.stat().st_size < 50_000


def test_drawing_something_else_is_refused(tmp_path: Path):
    other = tmp_path / "other.svg"
    other.write_text("<svg/>")
    with pytest.raises(CommandError, match="n'est pas la carte attendue"):
        call_command("build_map", other, to=tmp_path / "map.json")
    assert not (tmp_path / "map.json").exists()
