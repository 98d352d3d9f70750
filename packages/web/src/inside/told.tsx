import { saveFile } from "../bench/save-file.ts";
import { CopyLine } from "../parts/copy-line.tsx";

/** Under every view: what it can and cannot tell, its data to keep, and the command that gives the same. */
export function Told({
  says,
  about,
  command,
  save,
}: {
  says: string;
  about: string;
  command: string;
  save: { name: string; data: () => Blob } | undefined;
}) {
  return (
    <footer className="told">
      <p className="fine">
        {says} More in <code>{about}</code>.
      </p>
      <div className="told-ways">
        <CopyLine text={command} what="the command" />
        {save && (
          <button type="button" onClick={() => saveFile(save.data(), save.name)}>
            Save {save.name}
          </button>
        )}
      </div>
    </footer>
  );
}

export const jsonBlob = (value: unknown): Blob => new Blob([JSON.stringify(value, null, 1)], { type: "application/json" });
