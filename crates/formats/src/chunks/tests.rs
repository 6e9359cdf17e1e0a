//! CSV and Parquet in chunks, beside what was written.

use std::path::PathBuf;
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::file::properties::WriterProperties;
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};

use super::*;

fn write(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("the folder is there");
    path
}

const WANTED: [(&str, Reading); 2] = [("y", Reading::Numbers), ("stratum", Reading::Keys)];

/// Reads y and stratum with two readers in turn; returns the rows sorted, as chunks come in any order.
fn read(path: &std::path::Path) -> Result<Vec<(String, Option<i64>)>, ColumnsError> {
    let chunks = ColumnFile::open(path)?.chunks(&WANTED)?;
    let mut readers = [chunks.reader(), chunks.reader()];
    let (mut rows, mut ended) = (vec![], [false; 2]);
    for turn in (0..2).cycle() {
        let read: Option<(Vec<f64>, Vec<u32>)> = readers[turn].read()?.map(|chunk| {
            let [ChunkColumn::Numbers(y), ChunkColumn::Keys(keys)] = chunk.columns.as_slice()
            else {
                unreachable!("numbers and keys were asked for")
            };
            (y.clone(), keys.clone())
        });
        ended[turn] = read.is_none();
        let (y, keys) = read.unwrap_or_default();
        for (y, key) in y.iter().zip(keys) {
            let name = readers[turn].keys(1)[key as usize].clone();
            rows.push((name, (!y.is_nan()).then_some((*y * 8.0) as i64)));
        }
        if ended == [true; 2] {
            break;
        }
    }
    rows.sort();
    Ok(rows)
}

fn expected(rows: usize) -> Vec<(String, Option<i64>)> {
    let y = |row: usize| (!row.is_multiple_of(7)).then_some(row as i64);
    let mut rows: Vec<_> = (0..rows).map(|row| (format!("s,{}", row % 13), y(row))).collect();
    rows.sort();
    rows
}

#[test]
fn blocks_of_csv_hold_every_row_once() {
    // Larger than several blocks, with line feeds, commas and doubled quotes within quotes.
    let mut csv = "stratum,\"a \"\"note\"\"\nin two lines\",y\r\n".to_owned();
    for row in 0..60_000 {
        let y = if row % 7 == 0 { String::new() } else { (row as f64 / 8.0).to_string() };
        csv.push_str(&format!("\"s,{}\",\"said \"\"no\"\",\nthen {row}\",{y}\r\n", row % 13));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(&folder, "quoted.csv", csv.as_bytes());
    assert_eq!(read(&path).expect("sound CSV"), expected(60_000));
}

#[test]
fn csv_without_quotes_may_lack_its_last_line_feed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(&folder, "plain.csv", b"y,stratum,z\r\n1,a,\r\n\r\nNA,b,\r\n.not_asked,,x");
    let rows = [("", None), ("a", Some(8)), ("b", None)];
    let rows = rows.map(|(stratum, y)| (stratum.to_owned(), y)).to_vec();
    assert_eq!(read(&path).expect("sound CSV"), rows);
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let check = |name: &str, csv: &[u8], message: &str| {
        let error = read(&write(&folder, name, csv)).expect_err(message).to_string();
        assert!(error.contains(message), "{error}");
    };
    check("a.csv", b"y,stratum\n1,a\nx,b\n", "column `y`, line 3: `x` is no finite number");
    check("a.csv", b"y,stratum\n1,a\n\"inf\",b\n", "column `y`, line 3: `inf`");
    check("a.csv", b"y,stratum\n1,a\n2,b,c\n", "line 3 has 3 fields, but the header has 2");
    check("a.csv", b"y,stratum\n1,\xff\n", "column `stratum`, line 2: not UTF-8");
    check(
        "a.csv",
        b"y,z\n1,2\n",
        "the column `stratum` 0 times, it must be there once; it has y, z",
    );
    check("a.csv", b"y,stratum,y\n1,2,3\n", "the column `y` 2 times");
    check("a.txt", b"", "cannot tell what");
    check("a.parquet", b"no such thing", "cannot read");
}

#[test]
fn row_groups_of_parquet_hold_every_row_once() {
    let rows = 50_000;
    let y = |row: usize| (!row.is_multiple_of(7)).then_some(row as f64 / 8.0);
    let columns: [(&str, ArrayRef); 3] = [
        (
            "stratum",
            Arc::new(StringArray::from_iter_values((0..rows).map(|row| format!("s,{}", row % 13)))),
        ),
        ("id", Arc::new(Int64Array::from_iter_values(0..rows as i64))),
        ("y", Arc::new(Float64Array::from_iter((0..rows).map(y)))),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let small = WriterProperties::builder().set_max_row_group_row_count(Some(9_000)).build();
    let mut bytes = vec![];
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(small)).expect("it");
    writer.write(&batch).expect("it is written");
    writer.close().expect("it is written");
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(&folder, "file.parquet", &bytes);
    assert_eq!(read(&path).expect("sound Parquet"), expected(rows));

    let file = ColumnFile::open(&path).expect("sound Parquet");
    let chunks = file.chunks(&[("id", Reading::Keys), ("stratum", Reading::Numbers)]);
    let error = chunks.expect("there are such").reader().read().expect_err("texts").to_string();
    assert_eq!(
        error,
        "column `stratum` is of type Utf8; it must be a number, a truth value or a text"
    );
}
