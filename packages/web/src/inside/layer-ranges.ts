/** `layers 0–4, 6–10`, `layer 5`. */
export function layerRanges(layers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const layer of layers) {
    const last = runs.at(-1);
    if (last && last[1] === layer - 1) last[1] = layer;
    else runs.push([layer, layer]);
  }
  return `layer${layers.length === 1 ? "" : "s"} ${runs.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(", ")}`;
}
