import type { Call } from "@cutaway/core";
import type { Bodies, Store } from "@cutaway/store";

/** The recorded bytes of a call, as far as there are any. */
export function bodiesOf(store: Store, call: Call): Bodies {
  const request = call.bodies?.request === undefined ? undefined : store.body(call.bodies.request);
  const response = call.bodies?.response === undefined ? undefined : store.body(call.bodies.response);
  return { ...(request && { request }), ...(response && { response }) };
}
