//! What readers of the published pages say.

use jiff::civil::date;
use store::ReaderAnswers;

use crate::field::Field;

#[tokio::test]
async fn answers_of_readers_are_counted_by_page() {
    let field = Field::open().await;
    let monday = date(2025, 11, 3);
    let answers = [
        ("2023/index.html", true, monday),
        ("2023/index.html", true, monday),
        ("2023/index.html", false, date(2025, 11, 4)),
        ("index.html", false, monday),
    ];
    assert_eq!(field.store.reader_answers().await.unwrap(), []);
    for (page, found, day) in answers {
        field.store.count_reader(page, found, day).await.unwrap();
    }
    let of = |page: &str, found, not_found| ReaderAnswers { page: page.into(), found, not_found };
    let said = field.store.reader_answers().await.unwrap();
    assert_eq!(said, [of("2023/index.html", 2, 1), of("index.html", 0, 1)]);
}

#[tokio::test]
async fn answers_at_the_same_time_are_all_counted() {
    let field = Field::open().await;
    let day = date(2025, 11, 3);
    let answers = (0..20).map(|_| {
        let store = field.store.clone();
        tokio::spawn(async move { store.count_reader("index.html", true, day).await })
    });
    for answer in answers.collect::<Vec<_>>() {
        answer.await.unwrap().unwrap();
    }
    assert_eq!(field.store.reader_answers().await.unwrap()[0].found, 20);
}
