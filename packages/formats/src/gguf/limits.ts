/**
 * What a file may claim, so that a hostile one costs little. A count is believed only as far as the bytes left in the file can hold it;
 * these bounds cap it besides. Each lies well above the largest real file known (in brackets).
 */
export const limits = {
  /** Metadata entries [about 60]. */
  metadata: 10_000,
  /** Tensors [about 2,500]. */
  tensors: 100_000,
  /** Bytes of a metadata key: the specification's own. */
  keyBytes: 65_535,
  /** Bytes of a tensor's name; the specification says 64. */
  nameBytes: 256,
  /** Bytes of one string [a chat template of about 30 KB]. */
  stringBytes: 16 * 1024 * 1024,
  /** Elements of one array [about 520,000 merges]. */
  arrayElements: 8 * 1024 * 1024,
  /** Arrays inside arrays. */
  arrayDepth: 4,
  dimensions: 4,
  /** Bytes between two tensors at most. */
  alignment: 1024 * 1024,
  /** Bytes before the tensor data [about 16 MB]. */
  headerBytes: 512 * 1024 * 1024,
} as const;
