"""Help for editors: what the administration really shows, task by task."""

from __future__ import annotations

from typing import Any


def _steps(*steps: str) -> tuple[str, str]:
    return ("text", "<h2>Pas à pas</h2><ol>" + "".join(f"<li>{step}</li>" for step in steps) + "</ol>")


def _tip(title: str, text: str) -> tuple[str, Any]:
    return ("callout", (title, f"<p>{text}</p>"))


PAGES: list[tuple[str, str, list[Any]]] = [
    ("Publier une actualité", "Une actualité se crée dans la rubrique « Actualités » de votre espace.", [
        _steps("Ouvrez l’administration, puis « Pages » et la rubrique « Actualités » de votre espace.", "Choisissez « Ajouter une page enfant » puis « Actualité ».", "Écrivez un titre, un chapô de deux ou trois phrases, puis le contenu.", "Précisez l’échelon et les thèmes dans « Classement ».", "Vérifiez l’aperçu, puis choisissez « Publier » dans le menu du bas. Deux pages du même titre reçoivent d’elles-mêmes deux adresses."),
        _tip("Mettre à la une", "« À la une jusqu’au » place l’actualité en tête jusqu’à la date choisie.")]),
    ("Publier un événement", "Un événement a une ou plusieurs dates, un mode et, s’il est sur place, un lieu.", [
        _steps("Dans la rubrique « Agenda », ajoutez un « Événement ».", "Ajoutez une date par séance ; laissez l’heure vide pour une journée entière.", "Choisissez le mode : sur place, en ligne ou hybride.", "Cherchez le lieu dans l’annuaire ; s’il manque, créez-le avec sa commune.", "Cochez les aménagements d’accessibilité, puis publiez."),
        _tip("Lien de connexion", "Il n’est jamais publié : donnez un lien d’inscription au public.")]),
    ("Publier une ressource", "Une ressource réunit une fiche, des fichiers ou des liens, et une licence.", [
        _steps("Dans la rubrique « Ressources », ajoutez une « Ressource ».", "Choisissez le type, la catégorie et les thèmes.", "Ajoutez les fichiers ou les liens.", "Vérifiez la licence : la Licence Ouverte 2.0 est proposée par défaut.", "Renseignez l’accessibilité du document, puis publiez."),
        _tip("Vidéo", "Une vidéo demande une transcription : sans elle, la publication est refusée.")]),
    ("Choisir le bon territoire", "L’espace dit où la page se trouve ; le champ « territoire » le précise.", [
        _steps("Placez la page dans l’espace du territoire concerné.", "Laissez « territoire » vide si tout l’espace est concerné.", "Sinon, choisissez une intercommunalité ou une commune à l’intérieur de cet espace."),
        _tip("Listes nationales", "Une page publiée dans un espace apparaît aussi dans la liste nationale.")]),
    ("Images et textes de remplacement", "Chaque image est décrite, ou déclarée décorative.", [
        _steps("Choisissez une image de votre collection ou téléversez-la (JPEG, PNG, WebP).", "Décrivez ce que l’image apporte, en une phrase.", "Si elle n’apporte rien au propos, cochez « image décorative ».", "Réglez le point focal pour guider le recadrage."),
        _tip("Droits", "Ne publiez pas la photographie d’une personne sans son accord écrit.")]),
    ("Programmer ou dépublier une page", "Une page peut paraître et disparaître à une date choisie.", [
        _steps("Ouvrez le panneau « État » à droite de l’éditeur.", "Réglez la programmation : date de publication, date d’expiration.", "Enregistrez, puis publiez : la page paraîtra à la date dite.", "Pour retirer une page, choisissez « Dépublier » dans son menu."),
        _tip("Rien n’est perdu", "Une page dépubliée reste dans l’administration, avec son historique.")]),
    ("La page d’une feuille de route", "Une gouvernance ou une feuille de route acceptée peut devenir une page de votre espace.", [
        _steps("Le service instructeur la publie depuis le dossier : elle paraît aussitôt dans l’espace du territoire.", "Ce qui vient du dossier (porteur, périmètre, axes, champs publics) ne se modifie pas dans l’administration.", "Ouvrez la page dans « Pages » pour ajouter une image, un contenu ou un autre chapô : une mise à jour du dossier les garde.", "Pour corriger le reste, demandez au service instructeur de mettre la page à jour."),
        _tip("Dossier rouvert", "La page est retirée en même temps ; elle revient à la même adresse si le dossier est de nouveau accepté et publié.")]),
    ("Ouvrir un espace territorial", "L’administration nationale ouvre un espace en une seule action.", [
        _steps("Demandez l’ouverture à l’administration nationale.", "Seule elle ouvre et ferme les espaces.", "Indiquez le territoire et les adresses e-mail des premières personnes chargées de l’édition : celles qui ont un compte reçoivent le rôle, les autres une invitation.", "Les rubriques, la collection d’images et la lettre sont créées aussitôt."),
        _tip("Fermer", "Fermer un espace l’archive : ses pages ne sont pas supprimées.")]),
    ("Inviter des personnes", "Qui peut donner un rôle l’offre à une adresse e-mail.", [
        _steps("Ouvrez « Réseau », « Invitations » (ou « Mon compte », « Mon équipe »).", "Choisissez « Inviter une personne » : adresse e-mail, rôle, territoire.", "La personne ouvre le lien reçu ; sans compte, elle en crée un aussitôt.", "Renvoyez ou annulez une invitation depuis la liste."),
        _tip("Un lien, une personne", "Il sert une fois, pendant deux semaines, et seulement à l’adresse invitée.")]),
    ("Comprendre les rôles", "Un rôle se tient sur un territoire et vaut pour tout ce qu’il contient.", [
        ("accordions", [("Édition", "<p>Écrit, relit et publie dans ses territoires.</p>"), ("Envoi", "<p>Approuve et envoie les lettres.</p>"), ("Instruction", "<p>Instruit les dossiers.</p>"), ("Contribution", "<p>Propose des contenus, toujours relus.</p>"), ("Dépôt et lecture", "<p>Dépose ou lit les dossiers d’une organisation.</p>")]),
        _tip("Quatre yeux", "Personne n’approuve seul ce qu’il vient de modifier.")]),
    ("La lettre d’information", "Chaque espace a une liste ; l’inscription est confirmée par e-mail.", [
        _steps("Partagez l’adresse de la rubrique « Lettres » de votre espace.", "La personne reçoit un message de confirmation.", "Elle peut se désinscrire à tout moment par le lien de chaque message."),
        _tip("Consentement", "On n’ajoute jamais une adresse sans l’accord de la personne.")]),
    ("Abonnés, préférences et segments", "Qui reçoit vos lettres, ce que chacun en décide, et à qui écrire.", [
        _steps("« Lettres », « Abonnés » montre les personnes de vos listes ; « Ajouter un abonné » demande le fondement et la preuve de l’accord.", "Une personne vous demande d’arrêter ? Ouvrez sa fiche et choisissez « Mettre fin ». Elle seule pourra revenir.", "« Listes » règle l’expéditeur, l’adresse de réponse et le message de bienvenue, envoyé une fois à chaque nouvel abonné.", "« Segments » réunit des abonnés selon leur territoire, leur rôle, leur organisation ou leurs autres listes ; « Compter » dit aussitôt combien.", "Chaque lettre porte un lien vers « Mes préférences » : choix des lettres, pause, mesure, adresse, données."),
        _tip("Mesure", "Ouvertures et clics ne sont gardés que des personnes qui l’acceptent : « n’a jamais cliqué » ne peut pas être une condition.")]),
    ("Envoyer une lettre et la suivre", "À qui, quand, à quelle cadence ; puis ce que la lettre est devenue.", [
        _steps("Ouvrez la lettre et choisissez « Préparer un envoi » : cochez les listes et les segments, comptez les destinataires.", "L’écran de l’envoi dit ce qui est à corriger dans la lettre, et si une seconde personne doit l’approuver.", "« Envoyer ou programmer » dit à combien de personnes, de quelle adresse et jusqu’à quand, puis vérifie votre identité.", "Suivez l’avancement ; « Mettre en pause » arrête avant le prochain lot, « Reprendre » continue là où il s’était arrêté.", "« Bilan » compte ce qui est parti, revenu, refusé, et les liens suivis ; « Journal des envois » retrouve une adresse."),
        _tip("Copies incertaines", "L’envoi s’est interrompu avant la réponse du serveur : ces copies ne repartent jamais d’elles-mêmes. Dites ce qu’elles sont devenues, ou faites-les repartir en sachant qu’elles peuvent arriver deux fois.")]),
    ("Importer des abonnés", "Un fichier d’adresses est vérifié, importé, et repris en un clic s’il n’était pas le bon.", [
        _steps("« Lettres », « Imports », « Importer des abonnés » : choisissez la liste et un fichier CSV ou XLSX, une adresse par ligne.", "Dites pourquoi ces personnes reçoivent la lettre et où se trouve la preuve : c’est obligatoire, et gardé avec chaque consentement.", "Vérifiez ce que contient chaque colonne. L’essai dit ensuite ce que deviendrait chaque ligne : rien n’est encore écrit.", "Téléchargez ce qui n’est pas importé pour le corriger ; les fautes de frappe probables attendent votre choix.", "« Importer » abonne sans écrire à personne. « Annuler tout l’import » le reprend pendant trois mois ; qui a agi depuis reste."),
        _tip("Qui est parti ne revient pas", "Une personne qui s’est désabonnée n’est jamais réabonnée par un import : elle seule peut revenir.")]),
    ("Rechercher dans le portail", "La recherche couvre les actualités, événements, ressources, initiatives et pages d’aide.", [
        _steps("Saisissez quelques mots ; les accents et les pluriels ne comptent pas.", "Affinez avec les filtres proposés.", "Dans une rubrique, filtrez par territoire et par thème.", "Partagez l’adresse : elle garde vos filtres."),
        _tip("Suivre", "Chaque liste filtrée a son flux, et l’agenda son calendrier.")]),
    ("Rendre ses contenus accessibles", "Quelques gestes suffisent à être lu par tout le monde.", [
        _steps("Respectez l’ordre des intertitres.", "Écrivez des liens explicites, jamais « cliquez ici ».", "N’utilisez pas la couleur seule pour informer.", "Donnez une transcription aux vidéos et des documents accessibles.", "Écoutez le vérificateur d’accessibilité de l’éditeur."),
        _tip("Style", "Des phrases courtes et des mots courants aident tout le monde.")]),
    ("Corriger une page ou annuler un événement", "Une correction se publie ; un événement annulé reste visible et le dit.", [
        _steps("Ouvrez la page, corrigez, puis publiez.", "L’historique permet de revenir à une version antérieure.", "Pour annuler un événement, réglez son état sur « Annulé » et donnez la raison.", "Publiez : l’agenda et les calendriers sont mis à jour."),
        _tip("Ne pas supprimer", "Un événement supprimé disparaît sans prévenir ; un événement annulé prévient.")]),
    ("Tenir ses pages à jour", "Les lecteurs signalent ce qui ne va pas ; le portail rappelle les pages que personne n’a relues depuis un an.", [
        _steps("Ouvrez « Rapports », puis « Signalements des lecteurs » : chacun dit la page, le motif et les précisions du lecteur.", "Corrigez la page, puis choisissez « Traité » ou « Classer sans suite ». Votre réponse part au lecteur s’il a laissé une adresse e-mail.", "Pour en classer plusieurs à la fois, cochez-les dans la liste.", "Ouvrez « Rapports », puis « Pages à relire » : corrigez, dépubliez, ou choisissez « C’est à jour ».", "Vous êtes prévenu d’un signalement, et une fois par mois des pages à relire ; « Mon compte » règle ces messages."),
        _tip("Adresses des lecteurs", "Elles servent à répondre, à rien d’autre, et sont effacées 90 jours après le traitement.")]),
    ("Retrouver ses pages, copier un bloc", "L’accueil de l’administration réunit ce qui vous attend ; « Toutes mes pages » réunit ce que vous pouvez modifier.", [
        _steps("Sur l’accueil, « Mes espaces » propose d’ajouter une actualité, un événement ou une ressource en un clic.", "« Toutes mes pages » réunit les pages de tous vos espaces ; le bouton des filtres trie par état, territoire, ressort et nature.", "Dans l’éditeur, « Copier le bloc » retient un bloc ; ouvrez une autre page, même dans un autre onglet, et choisissez « Coller dessous », ou « Coller le bloc » au bas du contenu.", "Relisez, puis enregistrez : le bloc collé est un bloc à part, sans lien avec le premier.", "« Mon espace », dans l’en-tête du portail, montre la même chose sans ouvrir l’administration."),
        _tip("Un bloc refusé", "Un bloc ne se colle que là où il a sa place ; sinon, le portail le dit. Une image ou un document d’un autre espace est refusé à l’enregistrement.")]),
    ("Les événements", "Un événement a un mode, un lieu s’il est sur place, des dates, un organisateur et des aménagements.", [
        _steps("Mode : « sur place » demande un lieu ; « en ligne », un lien de connexion ou une inscription ; « hybride », les deux.", "Lieu : cherchez d’abord dans l’annuaire partagé. Le même nom dans la même commune est refusé, avec l’adresse du lieu qui existe. Des coordonnées placent le lieu pour la recherche par distance.", "Territoires couverts : si l’événement concerne d’autres territoires que celui de son lieu, ajoutez-les ; il paraît aussi dans leur agenda.", "Organisation : choisissez celle de l’annuaire ; les co-organisateurs de l’annuaire, ou un par ligne, sont nommés sur la page.", "Accessibilité : cochez ce qui est prévu et donnez un contact pour les besoins particuliers. Ces cases servent de filtres.", "État : « reprogrammé », « passé en ligne », « reporté », « complet » ou « annulé » se lit en toutes lettres partout, jusque dans les calendriers.", "Après : replay, support, compte rendu et chiffres se remplissent sur la même page, qui reste dans les archives."),
        _tip("L’heure", "Les heures sont celles du lieu. Le fuseau est écrit, et la page ajoute l’heure du lecteur s’il est ailleurs.")]),
    ("Séries et répétitions", "Une répétition donne les dates d’un événement qui revient ; chaque date peut différer des autres.", [
        _steps("Dans « Quand », ajoutez une « Répétition » : chaque semaine certains jours, chaque mois le même quantième, ou « le deuxième jeudi ».", "Dites jusqu’à quel jour, ou combien de dates. Sans fin, les dates sont tenues à jour dix-huit mois à l’avance.", "« Sauf les jours fériés » suit le département du lieu, l’Alsace-Moselle et l’outre-mer compris ; « sauf ces jours » prend un jour ou une période par ligne.", "Pour une semaine en ligne sur deux, faites deux répétitions « toutes les 2 semaines », dont une au mode « en ligne ».", "Une date peut avoir son titre, son lieu, son mode, ses places et sa note : ils remplacent ceux de l’événement partout où elle est montrée.", "Relisez les dates obtenues avant de publier."),
        _tip("Annuler une date", "Une date annulée reste visible et le dit ; les personnes inscrites sont prévenues aussitôt, et les calendriers abonnés suivent.")]),
    ("Changer les dates d’un événement", "L’écran « Dates » change une date, plusieurs, les suivantes ou toutes, et dit combien de personnes seront prévenues.", [
        _steps("Dans l’administration, ouvrez l’événement, puis « Dates » dans son menu d’actions.", "Cochez une ou plusieurs dates, puis choisissez : annuler, reporter, déplacer, changer le titre ou les places, noter, détacher de la répétition, rétablir.", "Pour une seule date, dites si le changement vaut aussi pour les suivantes, ou pour toutes.", "Lisez combien de personnes inscrites seront prévenues, puis confirmez.", "« Ajouter des dates » en prend jusqu’à 400 d’une liste collée, une par ligne.", "« Dupliquer à d’autres dates » fait un brouillon ; « En faire un modèle » garde l’événement, sans ses dates, pour en commencer d’autres."),
        _tip("Un brouillon en cours", "Ce que vous faites dans « Dates » est en ligne aussitôt et s’ajoute au brouillon, sans le publier.")]),
    ("Inscriptions", "On s’inscrit sur le portail sans compte ; tout se confirme et se change par le lien reçu par e-mail.", [
        _steps("Dans « Inscription et tarif », choisissez « Sur le portail ».", "Donnez les places sur place et en ligne, par date ; vide veut dire sans limite.", "Réglez l’ouverture, la clôture, la liste d’attente et, s’il le faut, la validation de chaque demande.", "Ajoutez vos questions : réponse courte ou longue, choix, case à cocher. Ne demandez que ce qui sert.", "Choisissez les rappels : une semaine, la veille, une heure avant, et un message le lendemain.", "Ouvrez « Inscriptions » dans l’administration : liste, validation, export, feuille d’émargement, pointage sur téléphone, attestations et bilan.", "Une place libérée est proposée à la première personne qui attend ; sans réponse, elle passe à la suivante."),
        _tip("Données personnelles", "Seules les personnes chargées de l’édition de l’espace voient les inscriptions. Noms, adresses et réponses sont effacés à la fin du délai réglé sur la page ; les nombres restent.")]),
    ("Importer un agenda", "L’agenda d’un autre site entre dans le vôtre depuis un calendrier .ics, un export OpenAgenda ou un tableau CSV.", [
        _steps("Préparez l’adresse du calendrier, ou le fichier.", "Lancez d’abord l’essai : il dit ce qui serait créé, mis à jour, passé ou refusé, et pourquoi, ligne par ligne.", "Corrigez ce qui est refusé à la source ; le reste n’en souffre pas.", "Validez : les événements arrivent dans l’agenda de votre espace.", "Une adresse peut être relue chaque nuit : ce qui a changé est mis à jour, ce qui est annulé est annoncé comme tel, rien ne vient en double."),
        _tip("Vos corrections tiennent", "Un événement importé que vous avez modifié ici n’est plus remplacé par sa source.")]),
    ("Diffuser son agenda", "Toute sélection de l’agenda se partage, se suit dans un logiciel d’agenda, et se montre sur un autre site.", [
        _steps("Filtrez l’agenda : territoire, distance à une commune, format, mode, public, accessibilité, places libres, dates.", "Copiez l’adresse : elle garde vos filtres.", "Sous la liste, « Dans mon agenda » abonne un logiciel d’agenda à exactement cette sélection ; les changements et les annulations y arrivent.", "Les flux RSS et Atom, et les mêmes dates en JSON et en CSV, servent aux autres sites et aux outils.", "« Territoires » compte les dates de chaque territoire ; « Archives » garde les années passées.", "Le nom de l’organisateur, sur la page d’un événement, mène à l’agenda de cet organisateur, avec son propre calendrier."),
        _tip("Le lien de connexion", "Il n’est jamais dans l’agenda ni dans un flux : seules les personnes inscrites le reçoivent.")]),
]  # fmt: skip
