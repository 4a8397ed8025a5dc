"""Words of the made-up country: names, towns and trades that sound Danish and belong to nobody."""

from __future__ import annotations

from dataclasses import dataclass

SURNAMES = (
    "Nørgaard Kjeldsen Bruun Thorup Vestergaard Lindholm Krogh Aagaard Skovgaard Bertelsen Dalgas Hedegaard Juhl Kirkeby Lauritsen "
    "Munk Nyholm Overgaard Poulsgaard Ravn Schou Toft Ulrik Villadsen Winther Østergaard Ågren Bakke Christoffersen Damsgaard Ejlersen "
    "Friis Gram Holst Ibsgaard Jepsen Kragh Lykke Mølgaard Nygaard Odgaard Pilgaard Riis Storgaard Tange Uldum Vang Wulff Bisgaard Byskov"
).split()
BRANDS = "Nord Dan Vest Øst Syd Jysk Fyn Balt Lim Skag Kat Hav Fjord Klit Bølge Sund Bro Grøn Blå Klar Lys Vind Sol Ny Pro Alfa Delta Omni Uni Multi".split()
ENDINGS = "tek pro lab form plan sens data matic link flow tech dyn gear core line point works grid net mat".split()
FORMS = ("A/S", "ApS", "ApS", "A/S", "P/S", "I/S")
PEOPLE = (
    "Anna Kirkeby|Mads Lindholm|Ida Storgaard|Jonas Ravn|Karen Toft|Lars Nyholm|Mette Skovgaard|Niels Juhl|Sofie Krogh|Peter Vang|Rikke Friis|"
    "Søren Holst|Tine Bakke|Ulla Gram|Viggo Schou|Birthe Odgaard|Casper Lykke|Dorte Munk|Erik Tange|Freja Uldum|Gitte Riis|Henrik Bruun|Inger Byskov|Jakob Wulff"
).split("|")


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject that companies gather around: words for names and purposes, field, industries (DB07 divisions), trades."""

    da: str
    en: str
    theme: str
    about_da: str
    about_en: str
    industries: tuple[str, ...]
    trades: tuple[str, ...]


SUBJECTS = (
    Subject("Vindenergi", "Wind Energy", "energi", "vindmøller, offshore og drift af havvindmølleparker", "wind turbines, offshore and the running of wind farms at sea", ("28", "35", "27"), ("Vindservice", "Rotor", "Tårne", "Offshore")),
    Subject("Energibesparelser", "Energy Saving", "energi", "energieffektivisering, varmepumper og styring af energi i industri og bygninger", "energy efficiency, heat pumps and control of energy in industry and buildings", ("35", "27", "71"), ("Energi", "Varmepumper", "El-teknik", "Isolering")),
    Subject("Bioenergi", "Bioenergy", "energi", "biogas, biomasse og brint", "biogas, biomass and hydrogen", ("35", "01", "20"), ("Biogas", "Biomasse", "Brint", "Kedler")),
    Subject("Fødevarer", "Food", "foedevarer", "sunde fødevarer, ingredienser og fødevaresikkerhed", "healthy food, ingredients and food safety", ("10", "11", "01"), ("Mejeri", "Fødevarer", "Bageri", "Ingredienser")),
    Subject("Fiskeri og Akvakultur", "Fishery and Aquaculture", "foedevarer", "skaldyr, fiskeopdræt og bæredygtigt fiskeri", "shellfish, fish farming and sustainable fishery", ("03", "10", "28"), ("Fisk", "Skaldyr", "Fiskeopdræt", "Fileter")),
    Subject("Velfærdsteknologi", "Welfare Technology", "sundhed", "hjælpemidler, pleje og teknologi til ældre i eget hjem", "aids, care and technology for the elderly in their own homes", ("32", "62", "86"), ("Hjælpemidler", "Plejeteknik", "Sundhed", "Medico")),
    Subject("Medicoteknik", "Medical Devices", "bio", "medicinsk udstyr, diagnostik og kliniske forsøg", "medical devices, diagnostics and clinical trials", ("32", "26", "72"), ("Medico", "Diagnostik", "Instrumenter", "Klinik")),
    Subject("Bioteknologi", "Biotechnology", "bio", "enzymer, lægemidler og gæring", "enzymes, pharmaceuticals and fermentation", ("21", "72", "20"), ("Bio", "Enzymer", "Pharma", "Gæring")),
    Subject("Aluminium", "Aluminium", "materialer", "aluminium, letvægtskonstruktioner og overfladebehandling", "aluminium, lightweight structures and surface treatment", ("24", "25", "28"), ("Aluminium", "Profiler", "Overflade", "Letmetal")),
    Subject("Plast", "Plastics", "materialer", "plast, kompositter og genanvendelse af plast", "plastics, composites and recycling of plastics", ("22", "20", "38"), ("Plast", "Komposit", "Emballage", "Formstøb")),
    Subject("Stål", "Steel", "materialer", "stål, svejsning og tung produktion", "steel, welding and heavy manufacturing", ("24", "25", "33"), ("Stål", "Smede", "Maskinfabrik", "Svejs")),
    Subject("Robotteknologi", "Robotics", "robot", "robotter, automation og vision i produktionen", "robots, automation and machine vision in production", ("28", "26", "62"), ("Robot", "Automation", "Vision", "Styringer")),
    Subject("Softwareudvikling", "Software", "it", "software, data og kunstig intelligens", "software, data and artificial intelligence", ("62", "63", "58"), ("Software", "Data", "It", "Systemer")),
    Subject("Digitalt Indhold", "Digital Content", "oplevelse", "animation, digitale spil og læring", "animation, digital games and learning", ("58", "59", "62"), ("Animation", "Spil", "Medier", "Film")),
    Subject("Vand og Miljø", "Water and Environment", "miljoe", "rent vand, spildevand og klimatilpasning", "clean water, wastewater and adaptation to the climate", ("36", "37", "71"), ("Vand", "Pumper", "Filter", "Miljø")),
    Subject("Affald og Ressourcer", "Waste and Resources", "miljoe", "genbrug, affaldssortering og cirkulær økonomi", "reuse, sorting of waste and circular economy", ("38", "39", "37"), ("Genbrug", "Affald", "Ressourcer", "Sortering")),
    Subject("Transport", "Transport", "transport", "logistik, lagre og grøn transport", "logistics, warehouses and green transport", ("49", "52", "53"), ("Transport", "Logistik", "Spedition", "Vogne")),
    Subject("Maritim Teknik", "Maritime Technology", "maritim", "skibe, havne og maritimt udstyr", "ships, ports and maritime equipment", ("30", "50", "52"), ("Skibe", "Marine", "Havn", "Værft")),
    Subject("Byggeri", "Construction", "byggeri", "bæredygtigt byggeri, træ og renovering", "sustainable construction, timber and renovation", ("41", "43", "23"), ("Byg", "Tømrer", "Beton", "Murer")),
    Subject("Møbler og Indretning", "Furniture and Interior", "oplevelse", "møbler, design og livsstil", "furniture, design and lifestyle", ("31", "16", "74"), ("Møbler", "Snedkeri", "Design", "Interiør")),
    Subject("Mode og Tekstil", "Fashion and Textiles", "mode", "tekstiler, tøj og intelligente materialer", "textiles, clothes and intelligent materials", ("13", "14", "46"), ("Tekstil", "Mode", "Strik", "Garn")),
    Subject("Lyd", "Sound", "lyd", "akustik, højttalere og høreapparater", "acoustics, loudspeakers and hearing aids", ("26", "27", "71"), ("Akustik", "Lyd", "Audio", "Højttalere")),
    Subject("Turisme", "Tourism", "turisme", "kystturisme, overnatning og oplevelser", "coastal tourism, accommodation and experiences", ("55", "56", "79"), ("Hotel", "Rejser", "Camping", "Oplevelser")),
    Subject("Finansteknologi", "Financial Technology", "finans", "betaling, forsikring og finansielle it-løsninger", "payment, insurance and financial IT solutions", ("64", "65", "62"), ("Finans", "Betaling", "Forsikring", "Pension")),
    Subject("Sensorer", "Sensors", "it", "sensorer, elektronik og måleteknik", "sensors, electronics and measuring", ("26", "27", "71"), ("Sensor", "Elektronik", "Måleteknik", "Kredsløb")),
    Subject("Landbrugsteknik", "Farm Technology", "foedevarer", "præcisionslandbrug, maskiner og stalde", "precision farming, machines and stables", ("28", "01", "46"), ("Agro", "Landbrug", "Stalde", "Maskiner")),
)  # fmt: skip
# a landscape, and how the codes of its municipalities begin
PLACES = (
    ("Fyn", ("04",)), ("Vest", ("056", "066")), ("Nord", ("08",)), ("Midt", ("07",)), ("Sjælland", ("03",)), ("Øst", ("01",)), ("Syd", ("05",)),
    ("Lillebælt", ("0410", "0607", "0621", "0630")), ("Limfjord", ("0671", "0779", "0820", "0851")), ("Hovedstad", ("0101", "0147", "015")),
)  # fmt: skip
EVENTS = (
    ("matchmaking", "Matchmaking om {about}"), ("competence", "Workshop: {about}"), ("knowledge", "Viden til virksomheder: {about}"),
    ("competence", "Kursus i {about}"), ("international", "Erhvervsrejse: {about}"), ("business", "Salg og forretning inden for {about}"),
    ("bridge", "Vejen til midler og partnere: {about}"), ("education", "Hvilke uddannelser mangler vi? {about}"), ("knowledge", "Årsmøde i {name}"),
)  # fmt: skip
COLLEGES = (
    ("VIA University College", "college", "0751"), ("University College Lillebælt", "college", "0461"), ("Erhvervsakademi Sydvest", "academy", "0561"),
    ("Erhvervsakademi Aarhus", "academy", "0751"), ("EUC Nordvest", "vocational", "0773"), ("Tech College Aalborg", "vocational", "0851"),
)  # fmt: skip
CAMPUS = {
    "KU": "0101",
    "AU": "0751",
    "SDU": "0461",
    "AAU": "0851",
    "RUC": "0265",
    "DTU": "0173",
    "CBS": "0147",
    "ITU": "0101",
}
# companies across the border
ABROAD = (
    "Fördewerk Antriebe", "Holsten Messtechnik", "Elbsensorik", "Nordmark Kunststoffe", "Alsterfilter", "Schleiboot", "Geestwind Service", "Kielkante Optik",
    "Marschenholz", "Hansekühlung", "Lübwerk Robotik", "Flensenergie",
)  # fmt: skip
# knowledge institutions of the seldom kinds, and some abroad with a number of the EU's that nobody has been given
OTHER_LEARNED = (
    ("Lillebælt Sygehus, forskningsenheden", "hospital", "0630"), ("Institut for Fjordforskning", "research", "0461"), ("Forskerparken Limfjord", "park", "0851"),
)  # fmt: skip
LEARNED_ABROAD = (
    ("Fachhochschule Fördeland", "college", "DE", "000000011"), ("Institut für Nordseeforschung", "research", "DE", "000000012"),
    ("Skånska Tekniska Högskolan", "university", "SE", "000000013"),
)  # fmt: skip
# smaller circles within an organisation
GROUPS = (
    "Netværk for ledere", "Kompetencer og uddannelse", "Eksportkredsen", "Grøn drift", "De unge i branchen", "Udviklingschefernes kreds", "Forskere og virksomheder",
)  # fmt: skip
