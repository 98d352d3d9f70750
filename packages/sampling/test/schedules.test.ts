import { expect, test } from "vitest";
import { createSampler, createSchedule, parseSchedule, type ScheduleState } from "../src/index.ts";

const at = (step: number, more: Partial<ScheduleState> = {}): ScheduleState => ({ step, entropy: 1, kept: 10, ...more });
const values = (text: string, steps: number[]) => steps.map((step) => Number(createSchedule(parseSchedule(text))(at(step)).toFixed(6)));

test.each<[string, number[], number[]]>([
  ["constant:0.7", [0, 9], [0.7, 0.7]],
  ["linear:1.2:0.2:50", [0, 25, 50, 80], [1.2, 0.7, 0.2, 0.2]],
  ["cosine:1:0:10", [0, 5, 10, 99], [1, 0.5, 0, 0]],
  ["exponential:1:4", [0, 4, 8], [1, 0.5, 0.25]],
  ["exponential:1:0.2:4", [0, 4, 400], [1, 0.6, 0.2]],
  ["step:1.2,20=0.7,60=0.3", [0, 19, 20, 59, 60], [1.2, 1.2, 0.7, 0.7, 0.3]],
])("%s", (text, steps, expected) => {
  expect(values(text, steps)).toEqual(expected);
});

test("by entropy: low where one token is certain, high where all are alike", () => {
  const schedule = createSchedule(parseSchedule("entropy:0.3:1.5:2"));
  expect(schedule(at(0, { entropy: 0 }))).toBeCloseTo(0.3, 12);
  expect(schedule(at(0, { entropy: Math.log(10) }))).toBeCloseTo(1.5, 12);
  expect(schedule(at(0, { entropy: Math.log(10) / 2 }))).toBeCloseTo(0.3 + 1.2 * 0.25, 12);
  expect(schedule(at(0, { entropy: 0, kept: 1 }))).toBe(0.3);
});

test.each([
  "",
  "linear",
  "linear:1:2",
  "linear:1:2:0",
  "cosine:a:b:c",
  "exponential:1:0",
  "step:",
  "step:5=1",
  "step:1,3=2,3=4",
  "entropy:1",
  "sine:1:2:3",
  "linear:1::3",
])("%j is no schedule", (text) => {
  expect(() => parseSchedule(text)).toThrow(expect.objectContaining({ code: "invalid-schedule" }));
});

const logits = Float32Array.of(3, 2, 1, 0);

test("a step's stage runs with the value of its step, counted from where the answer begins", () => {
  const sampler = createSampler({}, { schedules: { temperature: "linear:2:1:10", topK: ({ step }) => (step < 2 ? 3 : 0) } });
  const reports = [0, 1, 2, 10].map((step) => sampler.choose(logits, new Array(5 + step).fill(0), () => 0.5, 0, { answerStart: 5 }).stages);
  expect(reports.map(([temperature]) => temperature?.setting)).toEqual([2, 1.9, 1.8, 1]);
  expect(reports.map(([, topK]) => topK?.kept)).toEqual([3, 3, 4, 4]);
});

test("a schedule that leaves the range of its parameter says where", () => {
  const sampler = createSampler({}, { schedules: { temperature: ({ step }) => 1 - step } });
  sampler.choose(logits, [], () => 0.5, 0);
  expect(() => sampler.choose(logits, [0, 0], () => 0.5, 0)).toThrow(
    expect.objectContaining({ code: "invalid-parameter", data: { parameter: "temperature", value: -1, step: 2 } }),
  );
});

test("a temperature that falls to 0 takes the most probable token from there on", () => {
  const sampler = createSampler({}, { schedules: { temperature: "step:1,3=0" } });
  expect(sampler.greedy).toBe(false);
  expect(sampler.choose(logits, [9, 9, 9], () => 0.999, 0).id).toBe(0);
});
