//! The data files and the designs of the golden values. All are synthetic: made for tests, about nobody.
//!
//! munis: 371 municipalities, 215 respondents in six size strata, of which the last was taken whole.
//! schools2: schools within municipalities, drawn in two stages. paired: 12 strata of two units.
//! trend_A_strat: two waves of a stratified sample; trend_popA: the population they come from.

use estimate::{
    Calibration, Column, Columns, Design, Distance, Formula, Levels, Lonely, LonelyRule, Matrix,
    RegressionWeights, Sizes, Stage, calibrate,
};

/// Reads a file in which no field holds a comma.
pub(crate) fn read(text: &str) -> Columns {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("a line of names").split(',').collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let mut columns = Columns::new(rows.len());
    for (index, name) in names.iter().enumerate() {
        let fields: Vec<Option<&str>> =
            rows.iter().map(|row| Some(row[index]).filter(|field| !field.is_empty())).collect();
        let number = |field: &Option<&str>| field.map_or(Ok(f64::NAN), str::parse);
        let column = match fields.iter().map(number).collect::<Result<Vec<f64>, _>>() {
            Ok(numbers) => Column::Numbers(numbers),
            Err(_) if *name == "size" => Column::Levels(Levels::with_names(
                ["S", "M", "L"].map(str::to_owned).into(),
                &fields,
            )),
            Err(_) if *name == "type" => {
                let names = ["primary", "secondary", "mixed"].map(str::to_owned);
                Column::Levels(Levels::with_names(names.into(), &fields))
            }
            Err(_) => Column::Levels(Levels::of_text(&fields)),
        };
        columns.insert(name, column);
    }
    columns
}

pub(crate) fn munis() -> Columns {
    read(include_str!("data/munis.csv"))
}

pub(crate) fn numbers(data: &Columns, name: &str) -> Vec<f64> {
    match data.get(name) {
        Some(Column::Numbers(numbers)) => numbers.clone(),
        other => panic!("{name} is no column of numbers: {other:?}"),
    }
}

pub(crate) fn codes(data: &Columns, name: &str) -> Vec<usize> {
    let levels = data.get(name).expect(name).levels();
    levels.codes.into_iter().map(|code| code.expect("no code is missing")).collect()
}

/// Returns the data and the design of a golden value.
pub(crate) fn design(name: &str) -> (Columns, Design) {
    let (name, lonely) = name.split_once(':').unwrap_or((name, "fail"));
    let file = match name {
        _ if name.starts_with("munis") => include_str!("data/munis.csv"),
        _ if name.starts_with("schools2") => include_str!("data/schools2.csv"),
        _ => include_str!("data/paired.csv"),
    };
    let data = read(file);
    let design = of(name, &data).with_lonely(LonelyRule {
        treatment: match lonely {
            "remove" => Lonely::Remove,
            "certainty" => Lonely::Certainty,
            "average" => Lonely::Average,
            "adjust" => Lonely::Adjust,
            _ => Lonely::Fail,
        },
        in_domains: false,
    });
    (data, design)
}

fn of(name: &str, data: &Columns) -> Design {
    match name {
        "munis" => elements(data, Some("stratum"), Some("N_h"), "w"),
        "munis_nofpc" => elements(data, Some("stratum"), None, "w"),
        "munis_srs" => elements(data, None, Some("N"), "w_srs"),
        "munis_prop" => elements(data, None, None, "w_prop"),
        "munis_lonely" => elements(data, Some("stratum_l"), None, "w"),
        "munis_jkn" => of("munis", data).jackknifed().expect("no stratum has a single element"),
        "munis_ps" => {
            let margin = (codes(data, "stratum"), vec![120.0, 95.0, 70.0, 50.0, 24.0, 12.0]);
            let to = Calibration::to_margins(&[margin], Distance::Linear(None));
            calibrate(&of("munis_srs", data), &to).expect("post-stratification")
        }
        "munis_rake" => {
            let regions = (codes(data, "region"), vec![75.0, 72.0, 59.0, 63.0, 49.0, 37.0, 16.0]);
            let rural = (codes(data, "rural"), vec![188.0, 183.0]);
            let to = Calibration::to_margins(&[regions, rural], Distance::Raking(None));
            calibrate(&of("munis_prop", data), &to).expect("raking")
        }
        "munis_callin" => calibrated(data, Distance::Linear(None)),
        "munis_callogit" => calibrated(data, Distance::Logit(0.3, 3.0)),
        "schools2" => staged(data, &[("psu", Some("Npsu")), ("school", Some("Mssu"))]),
        "schools2_stage1" => staged(data, &[("psu", Some("Npsu"))]),
        "schools2_wr" | "paired" => staged(data, &[("psu", None)]),
        other => panic!("no design is called {other}"),
    }
}

fn elements(data: &Columns, stratum: Option<&str>, size: Option<&str>, weight: &str) -> Design {
    let strata = stratum.map_or_else(|| vec![0; data.rows()], |name| codes(data, name));
    let sizes = size.map_or(Sizes::Infinite, |name| Sizes::Population(numbers(data, name)));
    let stage = Stage::new(strata, (0..data.rows()).collect(), sizes).expect("a stage");
    let design = Design::staged(vec![stage]).expect("a design");
    design.with_weights(numbers(data, weight)).expect("weights")
}

/// Returns a design in stages; units are numbered anew within those above.
fn staged(data: &Columns, units: &[(&str, Option<&str>)]) -> Design {
    let mut above = codes(data, "stratum");
    let mut stages = Vec::new();
    for (unit, size) in units {
        let unit: Vec<usize> =
            above.iter().zip(codes(data, unit)).map(|(above, unit)| above * 1000 + unit).collect();
        let sizes = size.map_or(Sizes::Infinite, |name| Sizes::Population(numbers(data, name)));
        stages.push(Stage::new(above, unit.clone(), sizes).expect("a stage"));
        above = unit;
    }
    let design = Design::staged(stages).expect("a design");
    design.with_weights(numbers(data, "w")).expect("weights")
}

fn calibrated(data: &Columns, distance: Distance) -> Design {
    let formula = Formula::parse("~ region + rural + I(log(pop))").expect("a formula");
    let model = formula.matrix(data, &vec![true; data.rows()]).expect("columns");
    let to = Calibration {
        auxiliary: Matrix::from_columns(&model.columns),
        // The constant, regions 2 to 7, rural, and the sum of logarithms over the frame of 371.
        totals: vec![371.0, 72.0, 59.0, 63.0, 49.0, 37.0, 16.0, 183.0, 3_506.268_076_763_97],
        distance,
        variance: None,
        regression: RegressionWeights::Design,
    };
    calibrate(&of("munis", data), &to).expect("calibration")
}
