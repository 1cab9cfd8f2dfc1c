"""The obligatory pages, and the network's questionnaire."""

from __future__ import annotations

from typing import Any

PAGES: dict[str, tuple[str, list[Any]]] = {
    "accessibilite": ("Déclaration d’accessibilité du portail : partiellement conforme.", [
        ("text", "<h2>État de conformité</h2><p>Le portail est partiellement conforme au référentiel général d’amélioration de l’accessibilité (RGAA 4.1). Il n’a pas encore fait l’objet d’un audit par un tiers : cet état résulte de vérifications internes.</p><h2>Résultats des tests</h2><p>Les pages types sont vérifiées par un outil automatique, au clavier et sur un petit écran. Ces contrôles ne remplacent pas un audit.</p><h2>Contenus non accessibles</h2><ul><li>Certains documents déposés par les territoires n’ont pas été évalués.</li><li>Les vidéos extérieures dépendent de leur hébergeur ; une transcription est demandée.</li></ul><h2>Retour d’information et contact</h2><p>Si vous n’arrivez pas à accéder à un contenu, écrivez à l’adresse contact@exemple.fr pour obtenir une autre forme.</p><h2>Voies de recours</h2><p>Sans réponse satisfaisante, vous pouvez saisir le Défenseur des droits.</p>"),
        ("alert", ("info", "Contenu de démonstration", "<p>Cette déclaration est à remplacer après un audit.</p>"))]),
    "mentions-legales": ("Éditeur, hébergement et réutilisation des contenus.", [
        ("text", "<h2>Éditeur</h2><p>Ce site est une démonstration. L’éditeur indique ici son nom, son adresse et la direction de la publication.</p><h2>Hébergement</h2><p>L’hébergeur indique ici sa raison sociale et son adresse.</p><h2>Propriété intellectuelle</h2><p>Sauf mention contraire, les contenus sont sous Licence Ouverte 2.0. Les illustrations ont été dessinées pour le portail. Le système de design de l’État est réservé aux sites de l’État.</p><h2>Sources</h2><p>Territoires : code officiel géographique 2026. Carte : contours sous licence CC BY 4.0.</p>")]),
    "donnees-personnelles": ("Quelles données sont traitées, pourquoi, combien de temps, et ce que vous pouvez en faire.", [
        ("text", "<h2>Ce que nous gardons, et combien de temps</h2><ul><li>Compte : adresse e-mail, nom, territoire, rôles, moyens de connexion. Tant que le compte existe ; sans connexion pendant deux ans, il est supprimé après deux rappels.</li><li>Contributions : ce que vous proposez, ses relectures et ses fichiers. Les brouillons partent avec le compte, ce qui est publié reste, sans votre nom.</li><li>Notifications : six mois après lecture, un an au plus.</li><li>Lettres d’information : adresse et preuve du consentement, jusqu’au désabonnement et à l’effacement ; la preuve reste, sans l’adresse.</li><li>Questionnaires : vos réponses.</li><li>Journal des actes : qui a donné un rôle, publié, décidé, exporté. Il est lu par l’administration nationale seule et perd votre nom avec votre compte.</li></ul><h2>Pourquoi</h2><p>Pour animer le réseau, relire ce qui est proposé, envoyer les lettres demandées, gérer les droits et la sécurité du portail.</p><h2>Qui y a accès</h2><p>L’équipe de votre espace pour ce que vous lui proposez ; l’administration nationale pour les comptes. Vos coordonnées ne sont montrées à d’autres que si vous le choisissez.</p><h2>Territoire choisi sans compte</h2><p>Il est gardé dans un cookie de votre navigateur, nécessaire à ce service ; il ne sert à aucune mesure d’audience.</p><h2>Vos droits</h2><p>Dans « Mon compte », « Mes données » vous donne une copie de tout ce qui est gardé et supprime votre compte. Sans compte, ou pour toute autre demande, écrivez à contact@exemple.fr. Vous pouvez saisir la CNIL.</p>")]),
}  # fmt: skip
_INTEREST = "Ne sait pas,Peu,Moyennement,Très"
QUESTIONNAIRE: dict[str, Any] = {
    "title": "Questionnaire du réseau",
    "introduction": "Dix minutes pour orienter l’animation du réseau : vos besoins, ce que vous pouvez apporter, le rythme qui vous convient.",
    "thanks": "Merci. Vos réponses serviront à préparer le programme du réseau.",
    "fields": [
        (
            "Vos besoins",
            "checkboxes",
            "Aide et montée en compétence,Être informé de l’actualité et de la vie du réseau,Orienter les publics,Autre",
            True,
        ),
        ("Autre besoin : précisez", "multiline", "", False),
        (
            "Ce que vous pouvez apporter",
            "checkboxes",
            "Partage de l’offre de service,Retours d’expérience,Contenus pédagogiques,Accueil de réunion,Autre",
            False,
        ),
        ("Autre contribution : précisez", "multiline", "", False),
        ("Fréquence souhaitée des réunions", "radio", "Chaque mois,Tous les deux mois,Tous les trois mois,Autre", True),
        ("Intérêt pour une lettre d’information", "radio", _INTEREST, True),
        ("Intérêt pour un forum", "radio", _INTEREST, True),
        ("Intérêt pour un extranet", "radio", _INTEREST, True),
        ("Intérêt pour un tableau de bord", "radio", _INTEREST, True),
        ("Souhaitez-vous contribuer à l’animation ?", "radio", "Oui,Non", True),
    ],
}
