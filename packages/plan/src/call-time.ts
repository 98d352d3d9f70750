import type { Call } from "@cutaway/core";

/** When the call was made, and how that is known: its prices are those of that moment. */
export function callTime(call: Call, options: { at?: Date; listDate: string }): { at: Date; caveats: string[] } {
  const { issued } = call.instants;
  const created = call.response?.created;
  const own = issued ?? (created === undefined ? undefined : created * 1000);
  const at = own === undefined ? options.at : new Date(own);
  if (at === undefined || !isDate(at)) {
    return { at: new Date(options.listDate), caveats: [`the call has no date: priced at the date of the list, ${options.listDate}`] };
  }
  const daysAfter = Math.floor((at.getTime() - Date.parse(options.listDate)) / 86_400_000);
  const caveats = daysAfter > 30 ? [`the call is ${daysAfter} days younger than the price list (${options.listDate}): prices may have changed`] : [];
  return { at, caveats };
}

/** A date between 2000 and 9999: others are no times of a call. */
const isDate = (at: Date) => at.getTime() >= 946_684_800_000 && at.getTime() < 253_402_300_800_000;
