//! Special categories (GDPR, Articles 9 and 10) in running text: what is said of somebody is found, and what is not is left.

mod common;

use common::reported as found;

#[test]
fn what_is_said_behind_an_and_is_said_of_the_same_person() {
    let orientation = "sexual_orientation_in_text";
    assert_eq!(
        found(orientation, "Lena Steinmetz ist Mitglied der CDU und lesbisch, heißt es."),
        ["lesbisch"]
    );
    assert_eq!(
        found(orientation, "Mi compañera es votante de Vox y es bisexual, no lo digas."),
        ["bisexual"]
    );
    assert!(
        found(orientation, "Lena Steinmetz ist Mitglied der CDU und lesbisch-schwule Gruppen fehlen.")
            .is_empty()
    );
}

#[test]
fn the_front_of_a_compound_is_what_somebody_is_a_member_of() {
    assert_eq!(found("union_membership_in_text", "Er ist seit Jahren IG-Metall-Mitglied."), ["IG-Metall"]);
    assert_eq!(found("union_membership_in_text", "Sie ist ver.di-Mitglied, sagt sie."), ["ver.di"]);
}

#[test]
fn a_clause_behind_a_name_says_it_of_the_person() {
    let union = "union_membership_in_text";
    assert_eq!(found(union, "La acompañó Paulo Ferreira, sindicalista."), ["sindicalista"]);
    assert!(found("ethnicity_in_text", "Thanks to Rich Wales, Mike White.").is_empty(), "another name");
}

#[test]
fn titles_in_quotation_marks_are_said_of_nobody() {
    let diagnosis = "diagnosis_in_text";
    assert!(found(diagnosis, "Lena Köhler stellt „Depression am Arbeitsplatz“ vor.").is_empty());
    assert!(found(diagnosis, "Elisa Rinaldi dirige la rivista «Schizofrenia».").is_empty());
    assert_eq!(found(diagnosis, "Lena Köhler leidet an Depression."), ["Depression"]);
}

#[test]
fn no_blanks_are_needed_around_what_is_said() {
    assert_eq!(found("diagnosis_in_text", "本人称患有焦虑症，请保密。"), ["焦虑症"]);
    assert!(found("diagnosis_in_text", "本人は糖尿病の専門医です。").is_empty(), "a specialist");
    assert_eq!(found("diagnosis_in_text", "본인은 우울증을 앓고 있다."), ["우울증"]);
    assert_eq!(found("medication_in_text", "用药：华法林，每日两次"), ["华法林"]);
    assert_eq!(found("religion_in_text", "因为您是穆斯林，我调换了班次。"), ["穆斯林"]);
}

#[test]
fn a_date_may_stand_between_a_person_and_a_sick_leave() {
    let text = "Frau Inge Köhler ist seit dem 21. Dezember 2024 arbeitsunfähig.";
    assert_eq!(found("diagnosis_in_text", text), ["arbeitsunfähig"]);
}

#[test]
fn convictions_are_those_of_persons() {
    let criminal = "criminal_record_in_text";
    assert_eq!(found(criminal, "Er ist einschlägig vorbestraft."), ["einschlägig vorbestraft"]);
    assert_eq!(found(criminal, "Он ранее судим."), ["ранее судим"]);
    assert_eq!(found(criminal, "该人有盗窃前科。"), ["盗窃前科"]);
    assert!(found(criminal, "Wer wegen Betrugs verurteilt wird, haftet.").is_empty());
}

#[test]
fn births_lie_in_the_past_and_firms_have_none() {
    let birth = "date_of_birth";
    assert_eq!(found(birth, "同乗者（1947/07/27生まれ）"), ["1947/07/27"]);
    assert_eq!(found(birth, "الراكبة المولودة في 06/06/1958"), ["06/06/1958"]);
    assert!(found(birth, "date of birth: 14/03/2031").is_empty());
    assert!(found(birth, "La marque est née le 01/11/2000 dans un garage.").is_empty());
}

#[test]
fn ages_are_those_of_persons() {
    let age = "age_in_text";
    assert_eq!(found(age, "Kierujący Marek Wójcik, lat 46, stał"), ["lat 46"]);
    assert_eq!(found(age, "62letá pacientka přišla"), ["62letá"]);
    assert_eq!(found(age, "البالغ من العمر 28 عاما"), ["العمر 28 عاما"]);
    for thing in [
        "Het bedrijf is 44 jaar oud",
        "un ascenseur âgé de 22 ans",
        "16岁以下不得入场",
        "film vietato ai minori di 16 anni",
    ] {
        assert!(found(age, thing).is_empty(), "{thing}");
    }
}
