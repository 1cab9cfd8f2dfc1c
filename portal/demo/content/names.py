"""How one says « in » each territory that has a space."""

IN = {
    "nation-FR": "en France", "region-84": "en Auvergne-Rhône-Alpes", "region-27": "en Bourgogne-Franche-Comté",
    "region-53": "en Bretagne", "region-24": "en Centre-Val de Loire", "region-94": "en Corse",
    "region-44": "dans le Grand Est", "region-32": "dans les Hauts-de-France", "region-11": "en Île-de-France",
    "region-28": "en Normandie", "region-75": "en Nouvelle-Aquitaine", "region-76": "en Occitanie",
    "region-52": "en Pays de la Loire", "region-93": "en Provence-Alpes-Côte d’Azur", "region-01": "en Guadeloupe",
    "region-02": "en Martinique", "region-03": "en Guyane", "region-04": "à La Réunion", "region-06": "à Mayotte",
    "departement-49": "en Maine-et-Loire", "departement-85": "en Vendée", "departement-47": "en Lot-et-Garonne",
    "departement-74": "en Haute-Savoie", "departement-40": "dans les Landes", "departement-84": "en Vaucluse",
}  # fmt: skip
