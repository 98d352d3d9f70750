import { CutawayError } from "@cutaway/core";
import { gradientRules } from "./gradient-rules.ts";
import type { OpenGraph, Tensor } from "./open-graph.ts";

/**
 * Reverse-mode differentiation: adds to the graph the derivative of one number with respect to some of its values.
 * `of` holds a single number (any shape of ones). The results have the shapes of `by`; a value that `of` does not depend on gets none.
 * source  Griewank and Walther 2008, "Evaluating Derivatives", chapter 3
 * @throws `no-gradient` where an operator on the way has no derivative here
 */
export function gradients(g: OpenGraph, of: Tensor, by: readonly Tensor[]): (Tensor | undefined)[] {
  const forward = [...g.nodes];
  const reached = dependents(forward, by);
  const found = new Map<Tensor, Tensor>([[of, onesLike(g, of)]]);
  const add = (to: Tensor, part: Tensor): void => {
    const before = found.get(to);
    found.set(to, before ? g.add(before, part) : part);
  };
  for (const node of forward.reverse()) {
    if (!node.outputs.some((output) => found.has(output)) || !node.outputs.some((output) => reached.has(output))) continue;
    const rule = gradientRules[node.operator];
    if (!rule) {
      throw new CutawayError("no-gradient", `the operator ${node.operator} (${node.outputs[0]?.name}) has no derivative here`, {
        kind: "internal",
        data: { operator: node.operator },
      });
    }
    const wanted = node.inputs.map((input) => reached.has(input));
    const parts = rule(
      g,
      node,
      node.outputs.map((output) => found.get(output)),
      wanted,
    );
    for (const [index, part] of parts.entries()) {
      const input = node.inputs[index];
      if (part && input && wanted[index]) add(input, part);
    }
  }
  return by.map((tensor) => found.get(tensor));
}

/** Everything that is computed from some values, themselves included. */
function dependents(nodes: OpenGraph["nodes"], of: readonly Tensor[]): Set<Tensor> {
  const reached = new Set(of);
  for (const { inputs, outputs, isDetached } of nodes) {
    if (!isDetached && inputs.some((input) => reached.has(input))) for (const output of outputs) reached.add(output);
  }
  return reached;
}

function onesLike(g: OpenGraph, x: Tensor): Tensor {
  return g.expandAs(g.number(1), x);
}
