/** Free of what other tools of the field take by default. Its own file, so that `doctor` knows it without loading the server. */
export const defaultPort = 4747;
/** A local model's endpoint, beside the proxy that may stand in front of it. */
export const defaultServePort = 4748;
