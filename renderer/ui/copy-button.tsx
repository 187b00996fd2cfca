import { Check, Copy } from "lucide-react";
import { useEffect, useState, type ReactNode } from "react";
import { en } from "../../shared/strings/en.ts";
import { Button } from "./button.tsx";
import styles from "./copy-button.module.css";

/** How long the tick stays after a copy. */
const thanksMs = 1600;

/** Copies a text and says so. Without a word it is the small icon beside a fact. */
export function CopyButton({
  text,
  what,
  children,
  small = true,
}: {
  text: string;
  what: string;
  children?: ReactNode;
  small?: boolean;
}) {
  const [copied, setCopied] = useState<"no" | "yes" | "failed">("no");
  useEffect(() => {
    if (copied === "no") return undefined;
    const timer = setTimeout(() => setCopied("no"), thanksMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied("yes"),
      () => setCopied("failed"),
    );
  };
  const icon = copied === "yes" ? <Check /> : <Copy />;
  const said = copied === "yes" ? en.ui.copied : copied === "failed" ? en.ui.copyFailed : "";
  const spoken = <output className="hidden-text">{said}</output>;
  if (children === undefined) {
    return (
      <button
        type="button"
        className={styles["icon"]}
        aria-label={en.ui.copyWhat(what)}
        title={said === "" ? en.ui.copyWhat(what) : said}
        onClick={copy}
      >
        {icon}
        {spoken}
      </button>
    );
  }
  return (
    <Button look="quiet" small={small} icon={icon} title={en.ui.copyWhat(what)} onClick={copy}>
      {said === "" ? children : said}
      {spoken}
    </Button>
  );
}
