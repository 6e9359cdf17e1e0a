//! CSV and Parquet in chunks, beside what was written.

use std::path::PathBuf;
use std::sync::Arc;

use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;

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

/// Writes stratum, id and y, so many rows to a group.
fn parquet(rows: usize, to_a_group: usize) -> Vec<u8> {
    let message = "message answers { required binary stratum (string); optional int32 id (uint_32); \
                   optional double y; optional int32 day (date); }";
    let schema = Arc::new(parse_message_type(message).expect("a schema"));
    let mut bytes = vec![];
    let properties = Arc::new(WriterProperties::new());
    let mut file = SerializedFileWriter::new(&mut bytes, schema, properties).expect("a file");
    for first in (0..rows).step_by(to_a_group) {
        let group: Vec<usize> = (first..rows.min(first + to_a_group)).collect();
        let mut writer = file.next_row_group().expect("a row group");
        let stratum = |row: &usize| ByteArray::from(format!("s,{}", row % 13).as_str());
        let strata: Vec<ByteArray> = group.iter().map(stratum).collect();
        let mut column = writer.next_column().expect("a column").expect("stratum");
        column.typed::<ByteArrayType>().write_batch(&strata, None, None).expect("stratum");
        column.close().expect("stratum");
        // The largest number without a sign, and nothing in every second row.
        let levels: Vec<i16> = group.iter().map(|row| (row % 2) as i16).collect();
        let ids: Vec<i32> = levels.iter().filter(|level| **level == 1).map(|_| -1).collect();
        let mut column = writer.next_column().expect("a column").expect("id");
        column.typed::<Int32Type>().write_batch(&ids, Some(&levels), None).expect("id");
        column.close().expect("id");
        let there = |row: &&usize| !row.is_multiple_of(7);
        let levels: Vec<i16> = group.iter().map(|row| i16::from(there(&row))).collect();
        let y: Vec<f64> = group.iter().filter(there).map(|row| *row as f64 / 8.0).collect();
        let mut column = writer.next_column().expect("a column").expect("y");
        column.typed::<DoubleType>().write_batch(&y, Some(&levels), None).expect("y");
        column.close().expect("y");
        let mut column = writer.next_column().expect("a column").expect("day");
        let none = vec![0; group.len()];
        column.typed::<Int32Type>().write_batch(&[], Some(&none), None).expect("day");
        column.close().expect("day");
        writer.close().expect("it is written");
    }
    file.close().expect("it is written");
    bytes
}

#[test]
fn row_groups_of_parquet_hold_every_row_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(&folder, "file.parquet", &parquet(50_000, 9_000));
    assert_eq!(read(&path).expect("sound Parquet"), expected(50_000));
}

#[test]
fn what_parquet_holds_is_read_as_what_it_means_or_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(&folder, "file.parquet", &parquet(4, 4));
    let file = ColumnFile::open(&path).expect("sound Parquet");
    assert_eq!(file.names(), ["stratum", "id", "y", "day"]);
    let chunks =
        file.chunks(&[("id", Reading::Keys), ("id", Reading::Numbers)]).expect("it is there");
    let mut reader = chunks.reader();
    let chunk = reader.read().expect("numbers").expect("four rows");
    let ChunkColumn::Numbers(ids) = &chunk.columns[1] else {
        unreachable!("numbers are asked for")
    };
    assert!(ids[0].is_nan() && ids[1] == f64::from(u32::MAX), "{ids:?}");
    assert_eq!(reader.keys(0), ["", "4294967295"]);
    for (column, message) in [
        (
            "stratum",
            "column `stratum` is of type text; it must be a number, a truth value or a text",
        ),
        ("day", "column `day` is of type Date; it must be a number, a truth value or a text"),
    ] {
        let chunks = file.chunks(&[(column, Reading::Numbers)]).expect("it is there");
        assert_eq!(chunks.reader().read().expect_err("no numbers").to_string(), message);
    }
}

#[test]
fn parquet_that_is_cut_off_or_altered_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = parquet(1_000, 500);
    for end in [0, 3, 100, whole.len() / 2, whole.len() - 1] {
        let path = write(&folder, "file.parquet", &whole[..end]);
        let error = read(&path).expect_err("it is cut off").to_string();
        assert!(error.contains("file.parquet"), "{error}");
    }
    for place in (0..whole.len()).step_by(29) {
        let mut altered = whole.clone();
        altered[place] ^= 0x55;
        // It may be read as something else, but nothing panics.
        let _ = read(&write(&folder, "file.parquet", &altered));
    }
}
