import { expect, test } from "vitest";
import { newFlow, readerOf, writerOf } from "../../src/streams/flow.ts";

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

test("a writer gets no further ahead than the window, and goes on where the reader does", async () => {
  const memory = newFlow();
  const [reader, writer] = [readerOf(memory), writerOf(memory)];
  let written = 0;
  const writing = (async () => {
    while (written < 30) {
      await writer.room();
      writer.hasWritten();
      written++;
    }
  })();
  await settled();
  expect(written).toBe(8);
  for (let i = 0; i < 5; i++) reader.hasRead();
  await settled();
  expect(written).toBe(13);
  for (let i = 0; i < 25; i++) reader.hasRead();
  await writing;
});

test("a stop frees a writer that waits", async () => {
  const memory = newFlow();
  const [reader, writer] = [readerOf(memory), writerOf(memory)];
  for (let i = 0; i < 8; i++) writer.hasWritten();
  const waiting = writer.room();
  expect(writer.isStopped()).toBe(false);
  reader.stop();
  await waiting;
  expect(writer.isStopped()).toBe(true);
});
