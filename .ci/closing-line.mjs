// Adds up the JSON reports of the test runs into one line: "N passed, N failed, N skipped".
import { readFileSync } from "node:fs";

const reports = ["tests", "browser"].map((name) => JSON.parse(readFileSync(new URL(`../reports/${name}.json`, import.meta.url), "utf8")));
const sum = (key) => reports.reduce((total, report) => total + report[key], 0);
console.log(`${sum("numPassedTests")} passed, ${sum("numFailedTests")} failed, ${sum("numPendingTests")} skipped`);
process.exit(sum("numFailedTests") === 0 && sum("numPassedTests") > 0 ? 0 : 1);
