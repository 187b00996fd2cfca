import { FolderOpen } from "lucide-react";
import { useRef } from "react";
import { Button } from "./button.tsx";

/** Chooses a file and reads it in this page; its path is never sent. */
export function FileButton({
  label,
  onFile,
  accept,
}: {
  label: string;
  onFile: (file: File) => void;
  accept?: string;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon={<FolderOpen />} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        accept={accept}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file !== undefined) onFile(file);
          event.target.value = "";
        }}
      />
    </>
  );
}
