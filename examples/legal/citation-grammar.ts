import { type Random, seededRandom } from "@cutaway/core";

/** A series in which law is published, and the numbers that stand around its name. */
interface Series {
  name: string;
  /** `reporter`: volume NAME page; `code`: title NAME section; `state-code`: NAME section. */
  form: "reporter" | "code" | "state-code";
}

const reporters = (...names: string[]): Series[] => names.map((name) => ({ name, form: "reporter" }));
const codes = (...names: string[]): Series[] => names.map((name) => ({ name, form: "code" }));
const stateCodes = (...names: string[]): Series[] => names.map((name) => ({ name, form: "state-code" }));

/** What the tokenizer is trained on … */
export const seenSeries: readonly Series[] = [
  ...reporters(
    "U.S.",
    "S. Ct.",
    "L. Ed. 2d",
    "F.2d",
    "F.3d",
    "F. Supp.",
    "F. Supp. 2d",
    "Cal. 4th",
    "Cal. Rptr. 3d",
    "N.Y.2d",
    "P.2d",
    "A.2d",
    "S.W.2d",
    "N.E.2d",
  ),
  ...codes("U.S.C. §", "U.S.C. §§", "C.F.R. §", "U.S.C.A. §"),
  ...stateCodes(
    "Cal. Penal Code §",
    "Cal. Civ. Code §",
    "N.Y. Gen. Bus. Law §",
    "Tex. Penal Code §",
    "Fla. Stat. §",
    "Fed. R. Civ. P.",
    "Fed. R. Evid.",
  ),
];

/** … and what it never sees. */
export const unseenSeries: readonly Series[] = [
  ...reporters("F.4th", "F. App'x", "B.R.", "So. 3d", "N.W.2d", "P.3d", "Fed. Cl.", "Ill. Dec.", "Wash. App. 2d", "M.J."),
  ...codes("D.C. Code §", "I.R.C. §"),
  ...stateCodes("Minn. Stat. §", "Ohio Rev. Code §", "N.J. Stat. Ann. §", "Cal. Evid. Code §", "Fed. R. Crim. P.", "Ga. Code Ann. §"),
];

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
/** Small numbers are more frequent than large ones, as they are in citations. */
const number = (random: Random, most: number): number => 1 + Math.floor(most ** random() * random());

/** Statutes that opinions cite again and again. */
const famous = ["42 U.S.C. § 1983", "28 U.S.C. § 1331", "42 U.S.C. § 1988", "28 U.S.C. § 2254", "5 U.S.C. § 552", "18 U.S.C. § 242"];

function citation(random: Random, series: readonly Series[]): string {
  const { name, form } = pick(random, series);
  const section = `${number(random, 3000)}${random() < 0.2 ? `(${pick(random, ["a", "b", "c", "d"])})` : ""}${random() < 0.1 ? "(1)" : ""}`;
  if (form === "reporter") return `${number(random, 999)} ${name} ${number(random, 1500)}${random() < 0.3 ? `, ${number(random, 1500)}` : ""}`;
  return form === "code" ? `${number(random, 50)} ${name} ${section}` : `${name} ${section}`;
}

const parties = [
  "Smith",
  "Jones",
  "State",
  "United States",
  "Garcia",
  "Board of Education",
  "Doe",
  "Acme Corp.",
  "City of Springfield",
  "Miller",
  "Chen",
  "In re Brown",
];
const clauses = [
  "The court held that the plaintiff failed to state a claim",
  "Defendant moved for summary judgment",
  "The complaint alleges a violation of due process",
  "We review the denial of a motion to dismiss de novo",
  "Liability attaches where a person acts under color of state law",
  "The statute of limitations bars the claim",
  "Qualified immunity shields officials from suit",
  "The burden of proof rests with the moving party",
];

/** Opinions as they are written, with a citation in most sentences; `length` characters, the same for the same seed. */
export function legalText(length: number, seed: number, series: readonly Series[] = seenSeries): string {
  const random = seededRandom(seed);
  let text = "";
  while (text.length < length) {
    const name = random() < 0.4 ? `${pick(random, parties)} v. ${pick(random, parties)}, ` : "";
    const year = random() < 0.3 ? ` (${1900 + Math.floor(random() * 125)})` : "";
    const signal = pick(random, [". See ", ". See also ", " under ", ", citing ", ". Cf. "]);
    text += `${pick(random, clauses)}${signal}${name}${random() < 0.1 ? pick(random, famous) : citation(random, series)}${year}.${random() < 0.2 ? "\n" : " "}`;
  }
  return text;
}

/** Different citations that do not stand in `training`. */
export function newCitations(count: number, seed: number, series: readonly Series[], training: string): string[] {
  const random = seededRandom(seed);
  const found = new Set<string>();
  while (found.size < count) {
    const text = citation(random, series);
    if (!training.includes(text)) found.add(text);
  }
  return [...found];
}
