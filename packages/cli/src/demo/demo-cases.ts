import type { FindingFamily, LocalOptions, Parameters, Request } from "@cutaway/core";
import { localRequest } from "@cutaway/runtime";

/** A call that goes wrong in a way every user of a language model has met. What comes out of it is up to the model. */
export interface DemoCase {
  id: string;
  /** What a person would say has gone wrong. */
  complaint: string;
  /** Which findings the complaint is about; the gravest of them is put to the test. */
  families: readonly FindingFamily[];
  request: Request;
  /** How often it is called at most until something goes wrong: answers that are drawn do not fail every time. */
  attempts: number;
  /** Calls it takes to see it. */
  least: number;
}

/** Six typical faults of calls, each made on purpose, for the model of this name. */
export function demoCases(model: string): DemoCase[] {
  const request = (text: string, parameters: Parameters, local: LocalOptions = {}) =>
    localRequest({ model, messages: [{ role: "user", text }], parameters, local: { contextSize: 1024, ...local } });
  return [
    {
      id: "cut-off",
      complaint: "The answer stops in mid-sentence.",
      families: ["cut"],
      request: request("Explain in three sentences why the sky is blue.", { temperature: 0, maxOutputTokens: 24 }),
      attempts: 1,
      least: 1,
    },
    {
      id: "loop",
      complaint: "It says the same thing over and over.",
      families: ["loop"],
      request: request("Write a song with many verses about a cat.", { temperature: 0, maxOutputTokens: 112 }),
      attempts: 1,
      least: 1,
    },
    {
      id: "long-prompt",
      complaint: "It ignores my question at the end of a long text.",
      families: ["context"],
      request: request(
        `${houseRules}\n\nQuestion: When must guests be quiet? Answer with one sentence.`,
        { temperature: 0, maxOutputTokens: 48 },
        { contextSize: 512, overflow: "truncate-end" },
      ),
      attempts: 1,
      least: 1,
    },
    {
      id: "broken-json",
      complaint: "The JSON it returns does not parse.",
      families: ["structure", "random"],
      request: request(orderText, { temperature: 1.2, maxOutputTokens: 112 }),
      attempts: 8,
      least: 1,
    },
    {
      id: "wrong-template",
      complaint: "It rambles on instead of answering.",
      families: ["tokens"],
      request: request("Name one planet of the solar system.", { temperature: 0, maxOutputTokens: 64 }, { template: otherTemplate }),
      attempts: 1,
      least: 1,
    },
    {
      id: "varies",
      complaint: "Every time I ask, it says something else.",
      families: ["random"],
      request: request("Suggest a name for a coffee shop. Answer with the name only.", { temperature: 0.8, maxOutputTokens: 40 }),
      attempts: 4,
      least: 2,
    },
  ];
}

const orderText = `Write the order as JSON: an array of objects with "name", "quantity" and "price". Anna bought three red apples at 0.50 each, two loaves of bread at 3.20 each and one jar of honey at 7.90. Answer with JSON only.`;

/** The format of another family of models (Zephyr's), as it is often left in a configuration. */
const otherTemplate = "{% for message in messages %}<|{{ message.role }}|>\n{{ message.content }}</s>\n{% endfor %}<|assistant|>\n";

/** Some 550 tokens: more than a context of 512 holds. */
const houseRules = [
  "Rules of the Seaview guest house.",
  "Guests arrive between three in the afternoon and eight in the evening; whoever comes later calls the night porter at the side door.",
  "Breakfast is served in the garden room from seven to ten, on Sundays until eleven, and guests who leave early may ask for a packed one the evening before.",
  "Towels are changed every third day, and sooner when they are left on the floor of the bathroom.",
  "The kitchen on the second floor is open to all guests; what is in the blue refrigerator belongs to the house, what is in the white one belongs to whoever wrote a name on it.",
  "Bicycles stand in the shed behind the house, never in the hall, and the key of the shed hangs beside the front door.",
  "Dogs are welcome in the rooms of the ground floor and in the garden, on a lead, but not in the garden room.",
  "The library lends books for the length of the stay; a book that is not finished may be taken home and sent back by post.",
  "Laundry is collected on Mondays and Thursdays before nine and comes back the next day, folded, in the basket with the number of the room.",
  "The boat may be used by guests who can swim, two at a time, and never after sunset or when the red flag is up.",
  "Children play in the lower garden, where there are swings and a sand pit; the upper garden belongs to those who read.",
  "Rooms are cleaned between ten and one; a card on the door handle keeps the cleaner out for that day.",
  "The heating is turned down at midnight and up again at six; extra blankets lie in the chest on each landing.",
  "Bills are paid on the morning of departure, in cash or by card, and rooms are left by eleven.",
  "The old lift holds three people without luggage, or one with it, and it stops when the gate is not shut properly.",
  "Packages for guests are kept behind the desk, and letters lie in the wooden rack under the number of the room.",
  "The windows on the sea side are closed in a storm, also by day, since the salt ruins the curtains.",
  "Guests are quiet from half past ten at night until seven in the morning, in the rooms, on the stairs and in the garden.",
  "The telephone in the hall is free for calls within the country, and a list of doctors hangs above it.",
  "Whoever finds something that is broken writes it into the green book, so that it can be mended before the next guest comes.",
].join("\n");
