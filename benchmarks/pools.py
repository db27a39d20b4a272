"""Invented names, places and codes that generated records are drawn from.

Nobody here is a real person; the texts hold umlauts, quotes and several scripts because real ones do.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "ATTRIBUTES",
    "COMPANIES",
    "FIRST_NAMES",
    "LAST_NAMES",
    "ORIGINS",
    "PLACES",
    "SALES_ORGANISATIONS",
    "SALES_REPS",
    "STATUSES",
    "STREETS",
    "Place",
]


class Place(NamedTuple):
    """A town with what an address in it needs."""

    city: str
    zip: str
    country: str
    country_name: str
    locale: str
    dialling_code: str


FIRST_NAMES = (
    "Annelie", "Björn", "Chloé", "Dávid", "Esmé", "Fürchtegott", "Gülsüm", "Håkon", "Iñigo", "Jördis", "Kostas",
    "Łucja", "Māra", "Ngaire", "Øystein", "Příběna", "Quirin", "Røskva", "Siân", "Tāne", "Ümmü", "Vítězslava", "Wiebke",
    "Xènia", "Ελπινίκη", "Златомир", "さくらこ", "美玲", "دانية", "Żegota", "Rosemarie", "Fenja", "Malte",
    "Ottokar", "Perpetua",
)  # fmt: skip
LAST_NAMES = (
    "Ackerknecht", "Brückenwirth", "Çelikbaş", "D'Aubrac", "Eßlinghaus", "Fjällgren", "Grünewäldchen", "Håvarstein",
    "Íñiguez-Soto", "Jørgensborg", "Kühlewind", "Łąkowski", "Müßiggang", "Nováčková", "O'Farrelly", "Pöppelbaum",
    "Quäkermann", "Řezníčková", "Straßenreuther", "Te Awatea", "Überlingen", "Vögtlin", "Wëstermark", "Παπαδημητράκη",
    "Сребрянская", "東雲", "王美", "الزيتوني", "Żółkiewicz", "van der Linnaeus", "Sankt-Peterhof", "Okonkwelu",
)  # fmt: skip
STREETS = (
    "Am Mühlgraben", "Rue de l'Étoile filante", "Schloßallee", "Kauri Rise", "Ulica Wierzbowa", "Vía de la Niña",
    "Brønnøygata", "Karang Street", "Große Bäckergasse", 'Harbour "Quay" Lane', "桜通り", "Oude Singelpad",
)  # fmt: skip
PLACES = (
    Place("Köln", "50667", "DE", "Germany", "de_DE", "+49 221"),
    Place("Überlingen", "88662", "DE", "Germany", "de_DE", "+49 7551"),
    Place("Zürich", "8001", "CH", "Switzerland", "de_CH", "+41 44"),
    Place("Genève", "1204", "CH", "Switzerland", "fr_CH", "+41 22"),
    Place("Wien", "1010", "AT", "Austria", "de_AT", "+43 1"),
    Place("Whangārei", "0110", "NZ", "New Zealand", "en_NZ", "+64 9"),
    Place("Ōtautahi", "8011", "NZ", "New Zealand", "en_NZ", "+64 3"),
    Place("Łódź", "90-001", "PL", "Poland", "pl_PL", "+48 42"),
    Place("Tromsø", "9008", "NO", "Norway", "nb_NO", "+47 77"),
    Place("札幌市", "060-0001", "JP", "Japan", "ja_JP", "+81 11"),
    Place("Θεσσαλονίκη", "546 21", "GR", "Greece", "el_GR", "+30 231"),
    Place("A Coruña", "15001", "ES", "Spain", "es_ES", "+34 981"),
    Place("Windhoek", "10005", "NA", "Namibia", "en_NA", "+264 61"),
)
ORIGINS = (
    "WEBCLIENT", "CONNECT_API", "EXTERNAL", "SALES_TOOL", "MYSPORTS_APP", "MYSPORTS_WEB", "ONLINE_CHECKOUT_PAGE",
    "UNKNOWN", "IMPORT-CSV", "IMPORT-OLD_CLUB",
)  # fmt: skip
COMPANIES = (
    "Dielenhaus Kühlewind & Söhne", "Te Awatea Timber", "Parquet «L'Érable»", "Łąkowski i Córki", "Fjällgren Golv",
    "東雲木材", "Βελανιδιά ΑΕ", 'The "Oak" Company', "Müßiggang Möbel", "Harakeke Homes", "Linnaeus Lijsten",
    "Suelos Íñiguez-Soto",
)  # fmt: skip
SALES_ORGANISATIONS = (
    ("7100", "Sales organisation Aotearoa"),
    ("7200", "Verkaufsorganisation Süd"),
    ("7300", "Organisation commerciale Léman"),
    ("7400", "Salgsorganisasjon Nord"),
)
STATUSES = (("A", "Active"), ("A", "Active"), ("A", "Active"), ("D", "Dormant"))
SALES_REPS = ("Perpetua Vögtlin", "Ottokar Wëstermark", "Ngaire O'Farrelly", "Quirin Łąkowski")
ATTRIBUTES = (
    ("Division", "Division", (("00", "Flooring"), ("01", "Doors"), ("02", "Stairs"))),
    ("distributionChannel", "DistributionChannel", (("10", "Wholesale"), ("20", "Retail"))),
    ("CustomerGroup", "CustomerGroup", (("05", "Flooring other"), ("07", "Craftsmen"))),
    ("AnalyticalCustomerGroup", "AdditionalCustomerGroup1", (("A56", "Flooring other"), ("A60", "Projects"))),
    ("AccountsReceivableCustomerGroup", "AdditionalCustomerGroup2", (("D01", "Other"), ("D02", "Prepaid"))),
    ("ForecastingCustomerGroup", "AdditionalCustomerGroup4", (("I21", "Flooring other"), ("I22", "Seasonal"))),
)
"""Key of an attribute field, its discriminant, and the codes with labels that it may have."""
