/** Free of what other tools of the field take by default. Its own file, so that `doctor` knows it without loading the server. */
export const defaultPort = 4747;
