//! Words of headers that are no detector's own.

/// Words that make something else of what they stand beside: `email_verified` and `phone_type` hold no addresses and no
/// numbers. One that belongs to a detector's own words (`customer id`, `date of birth`) says nothing against it.
pub(super) const QUALIFIERS: &str = "
    id ids uid guid uuid type types typ kind sort count counts cnt flag flags hash hashed md5 sha crc algo algorithm algorithme algoritmo
    checksum length len size width status verified verification valid validated validation confirmed checked date dates
    datetime at time timestamp ts updated created changed modified expires expiry expiration source format url uri link
    index idx ordinal rank score level total sum avg mean min max pct percent percentage ratio rate enabled disabled
    active allowed required optional optin optout consent subscribed bounced sent opened clicked visible hidden deleted
    version template provider carrier operator language lang prefix suffix similarity encrypted salt code codes class sk fk
    group vol volume bytes report reports export import category reason error errors zone tier certificate issued missing present exists matches match column field ownership months weeks days hours minutes seconds
    anzahl kennzeichen kz laenge lange datum zeit zeitpunkt gepruft geprueft gultig gueltig quelle tipo cantidad fecha
    valido valida verificado verificada longitud longueur valide verifie statut lunghezza conteggio quantidade
    comprimento soort aantal lengte geldig liczba dlugosc flg статус тип количество дата tarih tarihi pvm durum turu adet kode kod kodu koodi
";

/// Qualifiers that are people or firms in front of what they have.
pub(super) const PROVIDERS: [&str; 3] = ["provider", "operator", "carrier"];

/// The same where a header begins with them: `is_card`, but not `what is your age`.
pub(super) const QUESTIONS: &str = "is has was are can should allow";

/// The same before `of`: `number of employees`.
pub(super) const AMOUNTS: &str = "number numbers num nr no amount share sum percentage";

/// Words for people: a header that is one of them says whose values these are, or holds people itself.
pub(super) const PEOPLE: &str = "
    customer customers kd client clients cliente clientes clienti kunde kunden klant klanten klient klienci kund user users
    member members employee employees mitarbeiter staff person persons people personal personne persona personen patient
    patienten patients contact contacts kontakt contacto contatto contato owner account guardian parent mother father spouse
    partner child student students teacher doctor driver guest passenger traveller applicant candidate sender recipient
    receiver buyer seller supplier vendor lieferant lieferanten debtor creditor beneficiary insured tenant agent manager
    subscriber requester submitter assignee author holder cardholder resident donor voter reporter borrower claimant
    consignee consignor shipper payer payee performer practitioner policyholder nominee trainer coach player athlete nurse
    physician lessee plaintiff defendant reviewer approver committer responder witness victim participant respondent
    salarie beneficiaire destinataire expediteur adherent eleve empleado empleada paciente alumno trabajador dipendente
    paziente funcionario aluno mitarbeiterin empfanger absender mieter spender versicherter versicherungsnehmer antragsteller
    bewerber teilnehmer schuler inhaber werknemer medewerker ontvanger patient pracownik pacjent uczen kund anstalld
    lecteur lectrice abonne usager locataire proprietaire assure candidat stagiaire enseignant enseignante parrain titulaire etudiant
    proprietario proprietaria inquilino inquilina titular arrendatario asegurado afiliado estudiante docente huesped apoderado tutor
    locatario iscritto iscritta studente studentessa allievo assicurato intestatario genitore associado associada segurado passageiro motorista
    huurder leden deelnemer eigenaar verzekerde leerling cursist chauffeur gast bewoner aanvrager rekeninghouder
    najemca lokator czlonek uczestnik kursant wlasciciel ubezpieczony pasazer kierowca nauczyciel rodzic wnioskodawca
    medlem elev larare agare deltagare sokande medlemmer deltager ejer eier lejer leietaker soker ansatt
    jasen oppilas opettaja omistaja hakija vuokralainen tyontekija clen ucitel majitel najemnik ucastnik pojistenec zadatel
    tanulo tulajdonos berlo ugyfel biztositott dolgozo membru proprietar chirias angajat elevi asigurat uye kiraci sahibi sigortali surucu yolcu
    besitzer besitzerin eigentumer eigentumerin fahrer fahrerin fahrgast gast kontoinhaber kontoinhaberin lehrer lehrerin betreuer
    erziehungsberechtigter schulerin kundin patientin bewohner passagier
    pere mere vater mutter padre madre pai mae vader moeder ojciec matka far mor isa aiti otec tata mama apa anya anne baba fiu fiica
    attendee attendees participants applicants owners authors contributor contributors committers pupil pupils respondents
    delegate delegates invitee invitees teilnehmerin teilnehmende bewerberin studierende leitung leiter leiterin
    participante participantes asistente asistentes miembro miembros membre membres partecipante partecipanti
    membro membri deelnemers uczestnicy czlonkowie deltagere deltaker deltakere osallistuja ucastnici katilimci
    участник участники участница собственники ученики студенты
    conjoint conjointe epoux epouse ehegatte ehegattin ehepartner ehemann ehefrau coniuge conyuge conjuge echtgenoot echtgenote malzonek
    enfant enfants hijo hija figlio figlia filho filha dziecko dzieci barn barnet lapsi dite gyermek copil cocuk vormund
    мать отец супруг супруга ребенок host
    член ученик владелец арендатор житель студент учитель водитель заявитель собственник получатель отправитель жилец
    mitglied mitglieder officer hyresgast tenant kunden zakaznik musteri inmate occupant guarantor applicant calisan personel hasta ogrenci клиент сотрудник пациент заказчик клієнт співробітник пацієнт
";

/// Words of two letters before the name of a field that say of what it is one.
pub(super) const WORDS_OF_TWO: [&str; 44] = [
    "ad", "ai", "ap", "ar", "bi", "ci", "co", "db", "dc", "dw", "eu", "fs", "ft", "fx", "gl", "hq", "hw",
    "id", "io", "ip", "is", "it", "js", "my", "no", "ns", "os", "pc", "po", "pr", "qa", "qr", "rx", "so",
    "sw", "to", "tv", "tx", "ui", "uk", "un", "us", "vm", "wo",
];

/// Words for people who are no firms.
pub(super) const NATURAL: [&str; 21] = [
    "person",
    "persons",
    "student",
    "students",
    "pupil",
    "patient",
    "patients",
    "patienten",
    "patientin",
    "paciente",
    "pacientes",
    "paziente",
    "pazienti",
    "pacjent",
    "hasta",
    "beteg",
    "potilas",
    "pasient",
    "пациент",
    "пацієнт",
    "患者",
];

/// Words for organisations and for the places where they are. A table that names such holds their addresses, unless it is one
/// of people who have to do with them.
pub(super) const ORGANISATIONS: &str = "
    organisation organisations organization organizations org institution institutions institute establishment facility facilities
    store stores shop shops branch branches warehouse warehouses depot depots supplier suppliers vendor vendors
    manufacturer manufacturers carrier carriers distributor distributors dealer dealers merchant merchants retailer retailers
    school schools college university hospital hospitals clinic clinics pharmacy pharmacies laboratory library libraries museum museums
    restaurant restaurants hotel hotels airport airports station stations venue venues theatre gallery employer employers
    bank banks agency agencies company companies firm corporation
    firma firmen filiale filialen filial unternehmen lieferant lieferanten kreditor kreditoren hersteller spediteur schule
    krankenhaus klinik apotheke behorde lager standort niederlassung gaststatte
    entreprise entreprises societe societes magasin magasins fournisseur fournisseurs ecole ecoles etablissement etablissements
    hopital pharmacie entrepot agence usine
    empresa empresas tienda tiendas proveedor proveedores sucursal sucursales escuela almacen fabricante farmacia instituto
    azienda aziende negozio negozi fornitore fornitori scuola magazzino ospedale stabilimento ditta
    loja lojas fornecedor fornecedores escola filial armazem
    bedrijf bedrijven winkel winkels leverancier leveranciers filiaal magazijn vestiging ziekenhuis apotheek
    sklep sklepy dostawca dostawcy szkola szkoly oddzial magazyn przedsiebiorstwo szpital apteka
    foretag butik butiker leverantor leverantorer skola skolor sjukhus virksomhed butikker leverandor leverandorer skole bedrift
    yritys yritykset myymala toimittaja koulu sairaala
    spolecnost dodavatel dodavatele prodejna pobocka skladiste nemocnice podnik
    ceg uzlet aruhaz szallito beszallito iskola korhaz telephely
    sirket magaza tedarikci okul hastane sube depo
    компания организация магазин поставщик школа больница склад филиал предприятие учреждение компанія постачальник
";

/// Words that only name tables of such, and those for one of them that do so beside a word for its key: `office_code`.
pub(super) const SITES: &str = "locations sites offices lieux standorte sedi sedes";
pub(super) const SITE: &str =
    "location site office outlet lieu sede sitio vestiging oddzial pobocka telephely sube";
pub(super) const KEYS: &str = "id code nr no num number key uid";

/// What organisations alone have: what they turn over, how many work there, the form that they have by law.
pub(super) const OF_FIRMS: [&[&str]; 30] = [
    &["annual", "revenue"],
    &["number", "of", "employees"],
    &["ticker"],
    &["tickersymbol"],
    &["sic", "code"],
    &["naics"],
    &["legal", "form"],
    &["duns"],
    &["dba"],
    &["siren"],
    &["raison", "sociale"],
    &["forme", "juridique"],
    &["chiffre", "affaires"],
    &["chiffre", "d", "affaires"],
    &["code", "naf"],
    &["code", "ape"],
    &["rechtsform"],
    &["firmenname"],
    &["handelsregister"],
    &["handelsregisternummer"],
    &["razon", "social"],
    &["nombre", "comercial"],
    &["forma", "juridica"],
    &["ragione", "sociale"],
    &["forma", "giuridica"],
    &["razao", "social"],
    &["nome", "fantasia"],
    &["handelsnaam"],
    &["rechtsvorm"],
    &["toiminimi"],
];

/// All words of a header that says of its values that they are numbers of somebody or something, and not of what kind.
pub(super) const IDENTIFIERS: [&str; 22] = [
    "id",
    "ids",
    "ident",
    "identifier",
    "identifiers",
    "identification",
    "identifikation",
    "identifiant",
    "identificador",
    "no",
    "nr",
    "nbr",
    "num",
    "number",
    "numbers",
    "nummer",
    "numero",
    "numer",
    "kennnummer",
    "kennung",
    "tin",
    "nin",
];

/// The key of an entry in a calendar or a directory, and of another one that it belongs to.
pub(super) const ENTRIES: [&[&str]; 3] = [&["uid"], &["recurrence", "id"], &["related", "to"]];

/// Those by which people of all sorts say where they work: `business address` is one of theirs.
pub(super) const WORKPLACES: [&str; 4] = ["business", "company", "firma", "employer"];

/// Who speaks for an organisation.
pub(super) const CONTACTS: &str = "
    contact contacts kontakt kontaktperson ansprechpartner contacto contatto contato interlocuteur referente manager head principal
    responsible dirigeant gerant geschaftsfuhrer geschaftsfuhrerin vorstand amministratore ceo president presidente presidenta
    director directeur directrice direktor leiter leiterin filialleiter leitung responsable responsabile encargado gerente gestor
    gestore kierownik osoba vedouci reditel mudur yetkili vezeto kapcsolattarto contactpersoon beheerder
    kontaktpersoon forestandare chef representative rep
    директор представитель ответственный руководитель директорка
";

/// Words for people that stand in tables of organisations and things as well: who keeps their records, how many work there, and
/// whose trade is one of firms.
pub(super) const STAFF: &str = "
    owner owners authors contributor contributors committers account agent parent manager user shipper consignor seller buyer creditor payer payee employee employees staff mitarbeiter mitarbeiterin personnel personal personale author assignee
    proprietaire proprietario proprietaria titulaire titular intestatario eigenaar wlasciciel agare ejer eier omistaja majitel tulajdonos
    proprietar sahibi besitzer besitzerin eigentumer eigentumerin kontoinhaber rekeninghouder владелец собственник docente enseignant
    medewerker werknemer pracownik anstalld dipendente empleado empleada funcionario salarie calisan personel сотрудник співробітник
";

/// Keys of a path that hold whatever there is, as answers of programs have them: `items[].name`.
pub(super) const CONTAINERS: [&str; 5] = ["item", "items", "table", "tables", "tbl"];

/// With what headers end that refer to somebody, by whatever names him: `caller_id`, `opened_by`.
pub(super) const REFERRING: [&str; 2] = ["id", "by"];

/// What has an owner who sells to it, and owns nothing.
pub(super) const OWNED: [&str; 5] = ["account", "company", "deal", "lead", "record"];

/// Words for names in the languages in which family names stand under such a word, where given names have one of their own.
pub(super) const NAMES: [&str; 6] = ["name", "naam", "navn", "namn", "nom", "nume"];

/// What people are to a thing: `billing name` stands in a table of orders, `name` in one of people.
pub(super) const ROLES: &str = "billing bill shipping ship delivery deliver invoice payment emergency";

/// Words for those who do something in a record of what happened, and for those who make what has a name itself.
pub(super) const OTHERS: &str = "
    actor initiator uploader from by via caller host
    taster critic
    composer director artist writer editor translator illustrator narrator singer performer photographer producer designer
    developer inventor maintainer publisher
    investigator inspector surveyor technician examiner collector sampler officer operator observer lecturer researcher
    engineer architect auditor judge umpire referee captain pilot skipper winemaker organizer organiser advisor adviser
";

/// Words that names of tables end with.
pub(super) const TABLES: &str = "
    tbl table tab master list data record records export backup bak copy tmp temp stg staging dim dw dwh raw old new all row rows
    result results hits
";

/// Words of columns that nobody has named.
pub(super) const BLANKS: &str = "
    col cols column columns field fields value var attr attribute item unnamed untitled noname none null question answer
    feld spalte champ colonne campo campi coluna columna kolom veld pole kolumna kolumn falt felt kolonne kentta sarake sloupec stlpec
    mezo oszlop camp coloana alan sutun поле столбец колонка
";

/// Words of headers that mean nothing here.
pub(super) const FILLERS: &str = "
    mailing home work office private privat business company firma
    geschaftlich dienstlich beruflich professionnel bureau domicile personal laboral trabajo casa lavoro ufficio trabalho
    zakelijk prive werk sluzbowy sluzbowa prywatny prywatna domowy arbete hem arbejde hjem arbeid tyo koti prace domu
    primary secondary main other alt alternate alternative new old current previous default emergency residence
    residential permanent legal preferred registered location geo
    id nr no num nbr number numbers nummer nummern numero numer text value values val field col str string raw info details
    line zeile the to of and de del du des la le el di da do von van der het my your our his her adresse address addr mail
    txt cbo cmb ddl chk fld lbl
    post code data name namen key full complete what please enter select display derived reported stated
";

/// Words of two letters are pieces of a glued word only when they are listed here.
pub(super) const SHORT: &[&str] = &["id", "nr", "no", "nm", "cd", "dt", "cc", "ip", "de", "of"];

/// Words that are no piece of any: a `strassenname` is the name of a street, `percapita` and `copper` are nothing of Italy's or Slovakia's.
pub(super) const WHOLE: [&str; 9] = ["nname", "vname", "lname", "fname", "ename", "cap", "cop", "lat", "lon"];

/// Words that others begin with and that are short for none of them.
pub(super) const UNCUT: [&str; 16] = [
    "depart", "durch", "engel", "extra", "intern", "kinds", "lands", "local", "natural", "parte", "sexual",
    "stats", "stelle", "still", "switch", "under",
];

/// What old systems, whose names have ten letters at most, write behind the two of a table: `CMSSN`, `ABEMAIL`.
pub(super) const GLUED: [&str; 16] = [
    "addr", "birth", "brth", "cell", "city", "dob", "email", "fname", "fnam", "lname", "lnam", "phon",
    "phone", "sex", "ssn", "zip",
];

/// Words that end like those and have two letters more.
pub(super) const UNGLUED: [&str; 6] = ["essex", "unsex", "unzip", "gunzip", "rebirth", "iphone"];

/// Words that databases shorten.
pub(super) const SHORTENED: &[(&str, &str)] = &[
    ("adr", "address"),
    ("benef", "beneficiary"),
    ("brth", "birth"),
    ("bth", "birth"),
    ("cd", "code"),
    ("cntry", "country"),
    ("ctry", "country"),
    ("cty", "city"),
    ("cus", "customer"),
    ("cust", "customer"),
    ("drvr", "driver"),
    ("dt", "date"),
    ("dte", "date"),
    ("eml", "email"),
    ("emp", "employee"),
    ("empl", "employee"),
    ("frst", "first"),
    ("fthr", "father"),
    ("gndr", "gender"),
    ("insd", "insured"),
    ("lic", "licence"),
    ("lst", "last"),
    ("mbr", "member"),
    ("merch", "merchant"),
    ("mgr", "manager"),
    ("mob", "mobile"),
    ("mrtl", "marital"),
    ("mthr", "mother"),
    ("nbr", "number"),
    ("nm", "name"),
    ("pax", "passenger"),
    ("plt", "plate"),
    ("psprt", "passport"),
    ("pssprt", "passport"),
    ("pt", "patient"),
    ("stdnt", "student"),
    ("veh", "vehicle"),
];

/// Words between the two halves of one: `apellidos y nombre`.
pub(super) const CONNECTORS: [&str; 12] =
    ["and", "und", "u", "et", "y", "e", "en", "i", "och", "og", "ja", "и"];

/// Words for numbers, which stand for each other: `membership no` and `membership number`.
pub(super) const NUMBERS: [&str; 7] = ["number", "no", "nr", "num", "nummer", "numero", "numer"];
