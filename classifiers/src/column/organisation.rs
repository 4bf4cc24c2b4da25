//! Values that are those of organisations: names with a legal form or a word for a kind of institution in them, and e-mail
//! addresses that nobody has alone. A table whose `name` has many of them is one of organisations, whatever its headers say.

use crate::words::{WordHash, WordSet, fold_into, hash_of, plain_word};

/// Legal forms of many countries without their points, and words that end the names of firms. Those of two letters count in
/// capitals or with points alone: `AG` is one, and `ab` a word.
const FORMS: &str = "
    inc incorporated corp corporation ltd limited llc llp lp plc cic pllc co company gmbh mbh ggmbh kgaa kg ag ohg gbr ug ek ev eg se
    sa sas sasu sarl eurl sci snc spa srl srls sapa sl slu sau slne cv sc sca scop nv bv vof bvba sprl cvba asbl vzw
    ab hb kb as asa ans da aps is oy oyj ky ry tmi oo zoo spzoo sro spol kft zrt nyrt bt ead ood eood ad doo dd jdoo
    uab vsi sia ou mtu ltda eireli me epp sapi sadecv pty pt tbk sdn bhd pte pvt kk yk jsc pjsc cjsc llo fzco fze
    as sti ltdsti holding holdings group groupe grupo gruppe gruppo groep grupa foundation stiftung fondation fondazione fundacion fundacja
    associates associados asociados associes partners sons sohne zonen fils hijos filhos figli
    ооо оао зао пао ао ип тов прат еоод оод αε επε οε ее ικε
";

/// Words for kinds of institutions that stand in the names of such, and hardly in those of anything else.
const INSTITUTIONS: &str = "
    hospital clinic klinik klinikum krankenhaus hopital clinique ospedale clinica szpital ziekenhuis
    university universitat universite universidad universita universidade uniwersytet universiteit universitet college
    school schule grundschule gymnasium realschule ecole lycee escuela colegio scuola liceo escola szkola skola koulu
    academy akademie institute institut instituto istituto instytut
    pharmacy apotheke pharmacie farmacia apteka museum musee museo association verein verband associazione asociacion
    ministry ministerium ministere bank banque banco banca sparkasse volksbank raiffeisenbank
    amicale comite federation foderation federacion federazione federacja ligue syndicat sindicato sindacato gewerkschaft confrerie
    union sportive sporting ecole foyer mairie maison asso festival orchestre choeur compagnie theatre atelier
    club clube klub society trust council committee church chapel parish paroisse eglise kirche parrocchia parroquia
    cooperative cooperativa genossenschaft ministerio ministero
    praxis kanzlei verlag hotel restaurant cafe bistro pizzeria gasthof gasthaus backerei metzgerei brauerei autohaus werkstatt zentrum
    株式会社 有限会社 合同会社 有限公司
";

/// What words for institutions end with, in languages that glue them: `Kreissparkasse`, `Stadtwerke`.
const ENDS: [&str; 14] = [
    "schule",
    "sparkasse",
    "krankenhaus",
    "klinik",
    "gymnasium",
    "verein",
    "verband",
    "apotheke",
    "werke",
    "zentrum",
    "gesellschaft",
    "genossenschaft",
    "handel",
    "technik",
];

/// Marks of firms in scripts without blanks between words, which stand anywhere.
const MARKS: [&str; 6] = ["株式会社", "有限会社", "合同会社", "公司", "集团", "(주)"];

/// What stands before the `@` of an address that an organisation has.
const MAILBOXES: &str = "
    info office contact contacts sales support service admin hello mail post team help webmaster marketing press billing accounts hr jobs
    reception enquiries inquiries orders noreply kontakt vertrieb verwaltung buchhaltung zentrale sekretariat praxis presse bestellung
    accueil contacto ventas administracion comercial oficina amministrazione segreteria vendite commerciale contato vendas secretaria
    biuro sekretariat sprzedaz verkoop receptie administratie myynti toimisto info
";

/// A longer cell is no name. Bytes.
const LONGEST: usize = 120;
/// Words of the name of an organisation. What has more is a sentence.
const MOST_WORDS: usize = 9;

/// The words, by hash.
#[derive(Debug)]
pub(super) struct Organisations {
    forms: WordSet,
    institutions: WordSet,
    mailboxes: WordSet,
}

impl Organisations {
    pub(super) fn new() -> Self {
        let set = |words: &str| words.split_whitespace().map(hash_of).collect::<WordSet>();
        Self { forms: set(FORMS), institutions: set(INSTITUTIONS), mailboxes: set(MAILBOXES) }
    }

    /// Whether a cell is the name of an organisation, as far as its words tell. `folded` is memory.
    pub(super) fn names(&self, cell: &[u8], folded: &mut String) -> bool {
        if cell.len() > LONGEST || !cell.contains(&b' ') && cell.is_ascii() {
            return false;
        }
        let Ok(text) = std::str::from_utf8(cell) else { return false };
        if !text.is_ascii() && MARKS.iter().any(|mark| text.contains(mark)) {
            return true;
        }
        if !text.starts_with(char::is_alphabetic) || text.split(' ').count() > MOST_WORDS {
            return false;
        }
        let mut hash = |word: &str| -> WordHash {
            // Nearly all words; `GmbH` is none of them.
            let is_plain = word.bytes().all(|byte| byte.is_ascii_alphabetic());
            if let Some(word) = plain_word(word.as_bytes(), (0, word.len())).filter(|_| is_plain) {
                return word.hash;
            }
            folded.clear();
            fold_into(word, folded);
            hash_of(folded)
        };
        let is_one = |(at, word): (usize, &str)| {
            let word = word.trim_matches(|c: char| matches!(c, ',' | '(' | ')' | '"'));
            let letters = word.chars().filter(|c| c.is_alphabetic()).count();
            // `AG`, `o.o.`
            let is_marked = !word.contains(char::is_lowercase)
                || word == "eG"
                || word.trim_end_matches('.').contains('.');
            let is_form = letters > 2 && word.len() < 16 || letters == 2 && is_marked;
            let hash = hash(word);
            let is_glued = letters > 8 && ENDS.iter().any(|end| word.ends_with(end));
            is_form && self.forms.contains(&hash) && (at > 0 || letters > 1)
                || self.institutions.contains(&hash)
                || is_glued
        };
        text.split(' ').enumerate().any(is_one)
    }

    /// Whether a cell is an e-mail address of an organisation: `info@…`.
    pub(super) fn has_mailbox(&self, cell: &[u8]) -> bool {
        let Some(at) = memchr::memchr(b'@', cell) else { return false };
        let local = std::str::from_utf8(&cell[..at]).ok();
        local.is_some_and(|local| {
            self.mailboxes.contains(&hash_of(local.split(['.', '-', '_', '+']).next().unwrap_or(local)))
        })
    }
}

/// Whether a cell is a version of four numbers, or an address whose first number is as low as those of hardly any column of
/// addresses all are. Addresses that begin with 10 are those of a house's own machines.
pub(super) fn is_like_a_version(cell: &[u8]) -> bool {
    const HIGHEST: usize = 29;
    let digits = cell.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let first = || std::str::from_utf8(&cell[..digits]).ok().and_then(|text| text.parse::<usize>().ok());
    (1..=2).contains(&digits)
        && cell.get(digits) == Some(&b'.')
        && first().is_some_and(|first| first <= HIGHEST && first != 10)
}

/// Whether a cell is like an address whose part before the `@` a program has made, as it makes the keys of entries: it has a
/// time, a number or letters and digits by turns in it.
pub(super) fn is_made_up(cell: &[u8]) -> bool {
    const MOST_DIGITS: usize = 7;
    const MOST_TURNS: usize = 2;
    let Some(at) = memchr::memchr(b'@', cell) else { return false };
    let local = &cell[..at];
    let digits = local.iter().filter(|byte| byte.is_ascii_digit()).count();
    let turns = local.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
    digits > MOST_DIGITS || turns > MOST_TURNS
}

/// Whether a cell is the number of a book or a journal whose check character is an X.
pub(super) fn is_book_with_x(cell: &[u8]) -> bool {
    let [digits @ .., b'X' | b'x'] = cell else { return false };
    let count = digits.iter().filter(|byte| byte.is_ascii_digit()).count();
    matches!(count, 7 | 9) && digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organisations_are_told_by_their_words() {
        let organisations = Organisations::new();
        let names = |cell: &str| organisations.names(cell.as_bytes(), &mut String::new());
        for cell in [
            "Berg Ltd",
            "Weiss GmbH & Co. KG",
            "Smith and Sons",
            "Rossi S.p.A.",
            "Nowak Sp. z o.o.",
            "St. Mary's Hospital",
            "Durand S.A.R.L.",
            "ООО Ромашка",
            "FISCHER AG",
            "株式会社山田",
            "Universität Graz",
            "Kreissparkasse Stade",
            "Volksbank Celle eG",
        ] {
            assert!(names(cell), "{cell}");
        }
        for cell in ["Anna Berg", "Jan de Vries", "Ag Nes", "5 KG", "Bank", "12 School Street", "Ana Sa", ""]
        {
            assert!(!names(cell), "{cell}");
        }
    }

    #[test]
    fn mailboxes_are_those_that_nobody_has_alone() {
        let organisations = Organisations::new();
        for cell in ["info@berg.example", "Kontakt@berg.example", "sales-de@berg.example"] {
            assert!(organisations.has_mailbox(cell.as_bytes()), "{cell}");
        }
        for cell in ["anna@berg.example", "info", "information.desk@berg.example"] {
            assert!(!organisations.has_mailbox(cell.as_bytes()), "{cell}");
        }
    }

    #[test]
    fn keys_of_entries_are_made_up() {
        for cell in
            ["7kukuqrf3m2b9ol@google.com", "20240101T090000Z-1@host.example", "1f2e3d4c-aa01@cal.example"]
        {
            assert!(is_made_up(cell.as_bytes()), "{cell}");
        }
        for cell in ["anna.berg@firma.de", "anna1984@firma.de", "7kukuqrf3m2b9ol"] {
            assert!(!is_made_up(cell.as_bytes()), "{cell}");
        }
    }

    #[test]
    fn books_may_end_with_an_x() {
        assert!(
            is_book_with_x(b"0-8044-2957-X") && is_book_with_x(b"080442957X") && is_book_with_x(b"2434-561X")
        );
        assert!(!is_book_with_x(b"0804429570") && !is_book_with_x(b"X") && !is_book_with_x(b"12345678901X"));
    }

    #[test]
    fn versions_begin_low() {
        assert!(is_like_a_version(b"2.10.4.1") && is_like_a_version(b"0.1.2.3"));
        assert!(
            !is_like_a_version(b"10.0.0.1") && !is_like_a_version(b"192.168.1.1") && !is_like_a_version(b"2")
        );
    }
}
