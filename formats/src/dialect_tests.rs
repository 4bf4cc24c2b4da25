use super::*;

fn csv(text: &str) -> (char, bool) {
    let dialect = Dialect::of_csv("csv", text.as_bytes(), true);
    (char::from(dialect.delimiter), dialect.header)
}

#[test]
fn delimiters_are_recognised() {
    assert_eq!(csv("a,b\n1,2\n"), (',', true));
    assert_eq!(csv("a;b\n1,5;2,5\n1,5;2,5\n"), (';', true));
    assert_eq!(csv("a\tb\n1\t2\n"), ('\t', true));
    assert_eq!(csv("a|b\n1|2\n"), ('|', true));
    assert_eq!(csv("\"x;y;z\",b\n\"1;2;3\",4\n"), (',', true));
    assert_eq!(csv("name\nJane\n"), (',', true));
}

#[test]
fn a_first_record_of_values_is_no_header() {
    assert!(!csv("jane@corp.de,Jane\njohn@corp.de,John\n").1);
    assert!(!csv("1,Jane\n2,John\n").1);
    assert!(!csv("2024-01-01,Jane\n2024-01-02,John\n").1);
    assert!(!csv("yes,yes,no\nno,no,no\n").1);
    assert!(!csv("Jane,Doe,078-05-1120\nJohn,Doe,078-05-1121\n").1);
    assert!(!csv("Jane,Doe").1, "alone, it is looked at");
    assert!(!csv("jane_doe,bonn\n").1);
    assert!(csv("name,email,date_of_birth\n").1 && csv("Vorname,Nachname\n").1);
    assert!(csv("id,last_name,email\n").1);
    assert!(csv("email,email\na@b.de,1\n").1);
    assert!(csv("id,address_1,address_2\n1,x,y\n").1);
}

#[test]
fn a_first_record_of_texts_that_is_like_those_below_is_no_header() {
    let codes = "Sipos\tH-3334\nVarga\tH-9715\nFehér\tH-2944\nNagy\tH-6971\n";
    assert!(!csv(&format!("Horváth\tH-1508\n{codes}")).1);
    assert!(csv(&format!("name\tline2024\n{codes}")).1);
    let repeated = "Tool,Shelf\nLamp,Floor\nDesk,Shelf\nTool,Floor\n";
    assert!(!csv(&format!("Tool,Floor shelf\nLamp,Floor shelf\n{repeated}")).1);
    assert!(csv(&format!("kind,place\n{repeated}")).1);
    // Values may be called as their column is, and numbers leave no doubt.
    assert!(csv("airbag,dead,n\nairbag,dead,1\nnone,alive,2\nairbag,alive,3\nnone,dead,4\n").1);
}

#[test]
fn other_texts_are_tables_only_when_they_look_it() {
    let table = |text: &str| Dialect::of_text(text.as_bytes(), true).map(|d| char::from(d.delimiter));
    assert_eq!(table("id;mail\n1;a@b.de\n2;c@d.de\n3;e@f.de\n"), Some(';'));
    assert_eq!(table("id,name,mail\n1,J,a@b.de\n2,K,c@d.de\n3,L,e@f.de\n"), Some(','));
    assert_eq!(table("Dear Jane, dear John,\nwe came, we saw,\nwe went, and\nthat, is it,\n"), None);
    assert_eq!(
        table(
            "2024-01-01 10:00:00,123 INFO a, b\n2024-01-01 10:00:00,124 INFO a, b\n\
             2024-01-01 10:00:00,125 INFO a, b\n2024-01-01 10:00:00,126 INFO a, b\n"
        ),
        None
    );
    assert_eq!(table("f(a, b, c);\ng(a, b, c);\nh(a, b, c);\ni(a, b, c);\n"), None);
    assert_eq!(table("plain\ntext\nof\nlines\n"), None);
}

#[test]
fn names_of_columns_may_have_dates_in_them() {
    let rows = "OH1,1,1984-02-01,X\nOH2,7,1961-05-30,\nOH3,4,1990-11-12,X\nOH4,4,1955-01-25,\n";
    assert!(csv(&format!("voter,county,born,GENERAL-11/05/2024\n{rows}")).1);
    assert!(!csv(&format!("OH0,2,1971-03-04,X\n{rows}")).1);
    assert!(!csv(&format!("OH0,n/a,unknown,1971-03-04\n{rows}")).1);
    let years = "Chile,CHL,19,20,21\nPeru,PER,33,34,35\n";
    assert!(csv(&format!("Country,Code,2019,2020,2021\n{years}")).1);
    assert!(!csv(&format!("Chad,TCD,2019,2077,2021\n{years}")).1);
}

#[test]
fn names_of_fields_may_begin_with_an_at_sign() {
    assert!(csv("@ID,ACCOUNT,AMOUNT\nFT25389,39037,1371.94\nFT25297,5489,-787.79\n").1);
    assert!(csv("@timestamp,host,level\n2024-01-02T10:00:00Z,web1,info\n2024-01-02T10:00:01Z,web2,warn\n").1);
    assert!(!csv("anna@hafenbuero-nord.de,39037,1371.94\nbert@hafenbuero-nord.de,5489,-787.79\n").1);
}

fn dialect(text: &str) -> Dialect {
    Dialect::of_csv("csv", text.as_bytes(), true)
}

#[test]
fn rare_delimiters_are_recognised_where_no_common_one_fits() {
    assert_eq!(csv("id^mail\n1^a@b.de\n2^c@d.de\n"), ('^', true));
    assert_eq!(csv("id~mail\n1~a, b\n2~c\n"), ('~', true));
    assert_eq!(csv("1\u{1}a@b.de\u{1}x\n2\u{1}c@d.de\u{1}y\n"), ('\u{1}', false));
    assert_eq!(csv("root:x:0\nbin:x:1\n"), (':', false));
    assert_eq!(csv("at,n\n10:15:00,5\n10:16:00,6\n"), (',', true));
    assert_eq!(csv("Doe, Jane|12 Main St, Bonn\nRoe, John|1 High St, Ulm\n"), ('|', true));
    assert_eq!(csv("Doe, Jane|5\nRoe, John|6\n"), ('|', false));
}

#[test]
fn blanks_part_columns_where_all_records_agree() {
    let rows =
        "1 a@b.de Doe ok\n2 c@d.de Roe \"line one\nline two, and more\"\n3 e@f.de Poe ok\n4 g@h.de Low ok\n";
    assert_eq!(csv(&format!("id email name note\n{rows}")), (' ', true));
    assert_eq!(csv(&format!("people\n{rows}")).0, ',');
    let addresses = "Hill Street 4\nMain Street 12\nOak Street 7\nSun Street 9\nElm Street 3\n";
    assert_eq!(csv(&format!("street and number\n{addresses}")).0, ',');
    assert_eq!(csv("full name here\nJane Doe\nJohn F. Roe\nJim Poe\nJoe Low\n").0, ',');
    assert_eq!(
        csv("first name,last name,e mail\na b,c d,e f\ng h,i j,k l\nm n,o p,q r\ns t,u v,w x\n").0,
        ','
    );
}

#[test]
fn quotation_marks_are_recognised() {
    let quote = |text: &str| dialect(text).quote.map(char::from);
    assert_eq!(quote("a,b\n'x, y',1\n'z',2\n"), Some('\''));
    assert_eq!(quote("a,b\n\"x, y\",1\n'z',2\n"), Some('"'));
    assert_eq!(quote("size,name\n5,x\n\"ditto,y\n\"ditto,z\n7,w\n"), None);
    assert_eq!(quote("id,name\n1,\"Jane\n2,John\n3,Jim\n"), Some('"'), "one that is not closed is a mistake");
    assert!(dialect("a,b\n1,\"say \\\"hi\\\" now\"\n").backslash);
    assert!(dialect("a,b\n1,\\N\n").backslash);
    assert!(!dialect("a,b\n1,\"C:\\dir\\\"\n2,\"x\"\n").backslash);
    assert!(dialect("a,b\n1,\"5\\\"\"\n").backslash);
    let json = "a,b\n1,\"{\"\"x\"\": \"\"say \\\"\"hi\\\"\"\"\", \"\"y\"\": 1}\"\n";
    assert!(!dialect(json).backslash, "the backslashes are those of JSON");
}

#[test]
fn a_table_starts_behind_titles_and_remarks() {
    let start = |text: &str| text[dialect(text).start..][..4].to_owned();
    assert_eq!(start("Staff list\nExported 2024-01-01\n\nid,name,mail\n1,J,a@b.de\n2,K,c@d.de\n"), "id,n");
    assert_eq!(start("Staff;;\n2024-01-01;;\n;;\nid;name;mail\n1;J;a@b.de\n2;K;c@d.de\n"), "id;n");
    assert_eq!(start("# made by x\nid,name\n1,J\n2,K\n"), "id,n");
    assert_eq!(start("#id,name\n1,J\n2,K\n"), "#id,");
    assert_eq!(start("id,name\n1,J,x\n2,K,y\n3,L,z\n"), "id,n");
    assert!(dialect("id,name\n1,J,x\n2,K,y\n3,L,z\n").row_names);
    assert!(!dialect("id,name\n1,J,\n2,K,\n").row_names);
    let ragged = "id,name,mail\n1,J,a@b.de,x\n2,K\n3,L,c@d.de,y\n4,M,e@f.de\n5,N,g@h.de,z\n";
    assert_eq!((start(ragged), dialect(ragged).header), ("id,n".to_owned(), true));
    assert!(dialect("mail,mail\na@b.de,c@d.de\ne@f.de,g@h.de\n").header, "names may come twice");
    let excel = dialect("sep=;\nid;name\n1;J\n");
    assert_eq!((excel.delimiter, excel.titles, excel.start, excel.header), (b';', (6, 6), 6, true));
    assert!(dialect("id,name\n1,J\n# half\n2,K\n").comments);
    assert!(!dialect("#,name\n1,J\n2,K\n").comments);
}

#[test]
fn a_title_may_stand_above_a_table_in_a_text() {
    let rows = "born;SSN;address\n12.01.1977;1666171070;Mozartgasse 9\n19.07.1980;9602220984;Ring 3\n\
                12.03.1957;2024020769;Gasse 73\n03.04.1961;4471030461;Allee 4\n";
    let start = |text: &str| {
        Dialect::of_text(text.as_bytes(), true).map(|dialect| text[dialect.start..][..4].to_owned())
    };
    assert_eq!(start(&format!("Contracts - page 1 of 2\n\n{rows}")).as_deref(), Some("born"));
    assert_eq!(start(&format!("Contracts\nPage 1\n\n\n{rows}")).as_deref(), Some("born"));
    let bare = rows.split_once('\n').expect("a header").1.to_owned() + "07.08.1971;5571070871;Weg 5\n";
    assert_eq!(start(&format!("Contracts\n\n{bare}")).as_deref(), Some("12.0"));
    assert_eq!(start(&format!("{}\n\n{rows}", "Whatever was agreed on. ".repeat(8))), None, "no title");
    assert_eq!(
        start("Dear all\n\nplease bring: paper, pens; ink\nor: chalk, a board; a sponge\nand: tea, milk\n"),
        None
    );
}

#[test]
fn tables_that_are_drawn_are_recognised() {
    let drawn = |text: &str| Dialect::of_text(text.as_bytes(), true).filter(|d| d.drawn).map(|d| d.start);
    assert_eq!(drawn(" id | name \n----+------\n  1 | J\n  2 | K\n(2 rows)\n"), Some(0));
    assert_eq!(drawn("| id | name |\n|---:|:-----|\n| 1 | J |\n"), Some(0));
    assert_eq!(drawn("+----+------+\n| id | name |\n+----+------+\n|  1 | J    |\n+----+------+\n"), Some(0));
    assert_eq!(drawn("Staff\n\n id | name \n----+------\n  1 | J\n"), Some(7));
    assert_eq!(drawn("a | b\n-----\nc | d\n"), None);
    assert_eq!(drawn("| id | name |\n|----|------|\nprose\nprose\nprose\nprose\nprose\n| 1 | J |\n"), None);
}

#[test]
fn prose_code_and_logs_are_no_tables() {
    for text in [
        "Name: Jane\nAge: 5\nCity: Bonn\nMail: a@b.de\nNote: none\n",
        "let a = 1;\nlet b = 2;\nlet c = 3;\nlet d = 4;\nlet e = 5;\n",
        "one; two; three\nhe said; she said; it\nand; so; on\nto; the; end\nof; the; day\n",
        "- milk, eggs, bread\n- tea, salt, oil\n- soap, wax, wood\n- a, b, c\n- d, e, f\n",
        "10.0.0.1 - - [01/Jan/2024:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5\n\
         10.0.0.1 - - [01/Jan/2024:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5\n\
         10.0.0.1 - - [01/Jan/2024:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5\n\
         10.0.0.1 - - [01/Jan/2024:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5\n\
         10.0.0.1 - - [01/Jan/2024:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5\n",
        "[1, 2, 3],\n[4, 5, 6],\n[7, 8, 9],\n[1, 2, 3],\n[4, 5, 6],\n",
        "root:x:0:0:root:/root:/bin/sh\nbin:x:1:1:bin:/bin:/bin/false\na:x:2:2:a:/a:/bin/sh\nb:x:3:3:b:/b:/bin/sh\n\
         c:x:4:4:c:/c:/bin/sh\n",
        "# Heading\n\nText, with, commas\nand, more, of them\nand more\nto come, still\n",
        "#!/bin/sh\n# a, b, c\nset -e\nrun a, b, c\nrun d, e, f\n",
        "a | b\nc | d\nls | wc -l\ncat x | sort | uniq\ntrue | false\n",
    ] {
        assert_eq!(Dialect::of_text(text.as_bytes(), true), None, "{text}");
    }
}

#[test]
fn a_table_without_names_shows_by_its_types() {
    let rows = |row: &str| row.repeat(5);
    let found =
        |text: String| Dialect::of_text(text.as_bytes(), true).map(|d| (char::from(d.delimiter), d.header));
    assert_eq!(found(rows("1;jane@corp.de;2024-01-01\n")), Some((';', false)));
    assert_eq!(found(rows("1,jane@corp.de,Bonn,5.20\n")), Some((',', false)));
    assert_eq!(found(rows("2024-01-01 10:00:00,123 INFO a,b\n")), None);
    assert_eq!(found(rows("Jane,Doe,Bonn\n")), None);
    // Names and addresses are text: many rows of them are a table as well.
    let person = "Jane;Doe;12 High Street;53111;Bonn;jane@corp.de\n";
    assert_eq!(found(rows(person)), None);
    assert_eq!(found(person.repeat(10)), Some((';', false)));
    assert_eq!(found("Jane, as ever, was late, but 5 minutes, or 6, no more\n".repeat(10)), None);
    assert_eq!(found("# export\n".to_owned() + &rows("1\tjane@corp.de\t2024-01-01\n")), Some(('\t', false)));
}
