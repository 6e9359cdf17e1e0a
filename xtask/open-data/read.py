"""Reads the open data of a published round with the programs that others use.

usage: read.py SITE/ROUND

Parquet is read by pyarrow and DuckDB, CSV by pandas, JSON-stat by pyjstat. All must hold the same
numbers, and those that the report states must be the numbers of findings.json.
"""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas
import pyarrow.parquet
from pyjstat import pyjstat

round_folder = Path(sys.argv[1])
data = round_folder / "data"


def same(one, other, what):
    if one is None or other is None or abs(one - other) > 5e-5:
        sys.exit(f"{what}: {one} and {other} differ")


def answers():
    csv = pandas.read_csv(data / "answers.csv", dtype=str, keep_default_na=False)
    parquet = pyarrow.parquet.read_table(data / "answers.parquet")
    said = pyarrow.parquet.ParquetFile(data / "answers.parquet").metadata.metadata
    if said.get(b"runde.simulated") not in (b"true", b"false"):
        sys.exit("answers.parquet does not say whether its answers are simulated")
    frame = parquet.to_pandas()
    compared = 0
    for name in csv.columns:
        for row, expected in enumerate(csv[name]):
            if expected.startswith("."):
                if not pandas.isna(frame[name][row]):
                    sys.exit(f"{name}, row {row}: {frame[name][row]}, not missing")
            else:
                found = frame[name][row]
                found = str(int(found)) if isinstance(found, (bool, float)) else str(found)
                if found != expected and float(found) != float(expected):
                    sys.exit(f"{name}, row {row}: {found}, not {expected}")
                compared += 1
    query = f"select count(*), sum(\"unit.population\") from '{data / 'answers.parquet'}'"
    units, population = duckdb.connect().execute(query).fetchone()
    same(units, len(csv), "units by DuckDB")
    same(int(population), csv["unit.population"].astype(int).sum(), "population by DuckDB")
    return compared


def tables(file, folder, keys):
    csv = pandas.read_csv(data / file, keep_default_na=False, dtype={"group": str})
    by_cell = {}
    for row in csv.to_dict("records"):
        by_cell[tuple(row[key] for key in keys)] = row
    compared = 0
    for item in json.loads((folder / "index.json").read_text())["link"]["item"]:
        dataset = pyjstat.Dataset.read((folder / item["href"]).read_text())
        frame = dataset.write("dataframe", naming="id")
        for row in frame.to_dict("records"):
            expected = by_cell[tuple(row[key] for key in keys)][row["measure"]]
            if expected == "":
                if not pandas.isna(row["value"]):
                    sys.exit(f"{row} is not hidden in JSON-stat")
                continue
            same(row["value"], float(expected), row)
            compared += 1
    return compared, by_cell


def findings(by_cell):
    year = int(round_folder.name)
    compared = 0
    for finding in json.loads((round_folder / "findings.json").read_text()):
        of_group = (finding["group"],) if finding.get("group") else ()
        cell = by_cell.get((finding["id"], *of_group, finding["option"]))
        if finding["round"] != year or cell is None:
            continue
        for measure in ["value", "value_weighted", "ci_low", "ci_high", "base"]:
            if finding[measure] is not None:
                same(finding[measure], float(cell[measure]), f"{finding['id']} {measure}")
        compared += 1
    return compared


subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=data, check=True)
cells = answers()
english = data / "tables/en"
values, by_cell = tables("tables.csv", english, ["variable", "answer"])
of_groups, by_group = tables(
    "tables_by_group.csv", english / "groups", ["variable", "group", "answer"]
)
stated = findings(by_cell | by_group)
compared = [cells, values, of_groups, stated]
if min(compared) == 0:
    sys.exit(f"nothing was compared: answers, tables, tables by group, findings: {compared}")
print(f"{cells} answers, {values + of_groups} values of tables and {stated} findings agree")
