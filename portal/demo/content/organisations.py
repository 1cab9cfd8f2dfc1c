"""Hubs, préfectures and conseils: names of the field, no person."""

HUBS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Hinaura", ("region-84",)),
    ("Hub MedNum BFC", ("region-27",)),
    ("Hub du Sud", ("region-93",)),
    ("Les Assembleurs", ("region-32",)),
    ("Hub UltraNumérique", ("region-04", "region-06")),
    ("Mednum Antilles", ("region-01", "region-02")),
    ("Guyaclic", ("region-03",)),
    ("Solidarnum", ("region-75",)),
    ("RhinOcc", ("region-76",)),
    ("Francil-in", ("region-11",)),
    ("CONUMM", ("region-52",)),
    ("Hub Bretagne", ("region-53",)),
    ("Hub Corse", ("region-94",)),
    ("HubEst", ("region-44",)),
    ("Hub-Lo", ("region-24",)),
    ("Hub Normandie", ("region-28",)),
)
DEPOSITOR = "Ateliers numériques des pins (démonstration)"
OTHERS: tuple[tuple[str, str, str], ...] = (
    ("Agence nationale de la cohésion des territoires", "operateur", "nation-FR"),
    ("Préfecture des Landes", "prefecture", "departement-40"),
    ("Conseil départemental des Landes", "departement", "departement-40"),
    (DEPOSITOR, "association", "departement-40"),
    ("Préfecture de Maine-et-Loire", "prefecture", "departement-49"),
    ("Conseil départemental de Maine-et-Loire", "departement", "departement-49"),
    ("Préfecture de la Vendée", "prefecture", "departement-85"),
    ("Conseil départemental de la Vendée", "departement", "departement-85"),
    ("Préfecture de Lot-et-Garonne", "prefecture", "departement-47"),
    ("Conseil départemental de Lot-et-Garonne", "departement", "departement-47"),
    ("Préfecture de la Haute-Savoie", "prefecture", "departement-74"),
    ("Préfecture de Vaucluse", "prefecture", "departement-84"),
    ("Conseil départemental de Vaucluse", "departement", "departement-84"),
    ("Conseil régional de Nouvelle-Aquitaine", "region", "region-75"),
)
