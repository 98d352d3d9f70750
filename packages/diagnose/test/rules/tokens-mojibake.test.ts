import { expect, test } from "vitest";
import { call, check, finish, pointedAt, request, text, user } from "../calls.ts";

test("a garbled prompt: what it was, and where the answer is garbled too, the mended prompt as the change", () => {
  const asked = request({ messages: [user("TrÃ¨s bien, le cafÃ© dâ€™Ã\u00a0 cÃ´tÃ©")] });
  const answered = call(asked, text("Oui."), finish("stop"));
  const [finding] = check("tokens.mojibake", answered);
  expect(finding).toMatchObject({ severity: "warning", certainty: "certain" });
  expect(finding?.says).toContain("“Ã¨” was “è”");
  expect(finding && pointedAt(answered, finding)).toContain("â€™Ã\u00a0");
  expect(finding?.says).toContain("send it as it was meant");
  expect(finding?.change).toBeUndefined();
  const echoed = call(asked, text("Le cafÃ© d’à côté."), finish("stop"));
  const [counted] = check("tokens.mojibake", echoed);
  expect(counted?.change?.apply(asked).messages[0]?.parts[0]).toMatchObject({ text: "Très bien, le café d’à côté" });
  expect(counted?.change?.symptom(echoed)).toBe(true);
});

test("a garbled answer to a clean prompt is a problem of whoever decodes", () => {
  expect(check("tokens.mojibake", call(request(), text("Le cafÃ© est trÃ¨s bon."), finish("stop")))[0]).toMatchObject({ severity: "problem" });
});

test("garbled twice over", () => {
  expect(check("tokens.mojibake", call(request(), text("cafÃƒÂ© crÃƒÂ¨me"), finish("stop")))[0]?.says).toContain("2 times over");
});

test("an answer about encodings is a note", () => {
  expect(check("tokens.mojibake", call(request(), text("This mojibake, Ã©, was é in UTF-8."), finish("stop")))[0]).toMatchObject({
    severity: "note",
  });
});

test("silent for accents, quotation marks after capitals, and other scripts", () => {
  for (const fine of ["Très bien, NÃO, AÑO", "»CAFÉ« und »FÅ«", "Ærø, Ísland, Þór", "naïve façade", "Привет, 世界 👋", "3 × 5 = 15 ± 1°"]) {
    expect(check("tokens.mojibake", call(request({ messages: [user(fine)] }), text(fine), finish("stop")))).toEqual([]);
  }
});
