import { groupDigest, shortenFingerprint, shortenHash, shortenId } from "./format.ts";
import { CopyButton } from "./copy-button.tsx";
import styles from "./fact.module.css";

interface FactProps {
  readonly value: string;
  /** What it is, for the copy button's name; without it there is none. */
  readonly copy?: string | undefined;
}

/** A hash, eight and eight letters; whole on hover and copy. */
export function Hash({ value, copy }: FactProps) {
  return <Short whole={value} short={shortenHash(value)} copy={copy} />;
}

/** An id in a table row. */
export function Id({ value, copy, keep }: FactProps & { keep?: number }) {
  return <Short whole={value} short={shortenId(value, keep)} copy={copy} />;
}

/** A key's fingerprint, its prefix dimmed. */
export function Fingerprint({ value, copy }: FactProps) {
  const { prefix, body } = shortenFingerprint(value);
  return (
    <span className={styles["short"]}>
      <span className="fact" title={value}>
        <i className={styles["prefix"]}>{prefix}</i>
        {body}
      </span>
      {copy === undefined ? null : <CopyButton text={value} what={copy} />}
    </span>
  );
}

function Short({ whole, short, copy }: { whole: string; short: string; copy: string | undefined }) {
  return (
    <span className={styles["short"]}>
      <span className="fact" title={whole}>
        {short}
      </span>
      {copy === undefined ? null : <CopyButton text={whole} what={copy} />}
    </span>
  );
}

/** A whole value that may break anywhere, with a copy button. */
export function WholeFact({ value, copy }: { value: string; copy: string }) {
  return (
    <span className={styles["whole"]}>
      <span className="fact">{value}</span>
      <CopyButton text={value} what={copy} />
    </span>
  );
}

/** A digest in groups of eight, two lines, as two people compare it. */
export function Digest({ value, caption }: { value: string; caption: string }) {
  const groups = groupDigest(value);
  return (
    <div className={styles["digest"]}>
      <span className="dim">{caption}</span>
      <CopyButton text={value} what={caption} />
      <span className="fact">{groups.slice(0, 4).join(" ")}</span>
      <span className="fact">{groups.slice(4).join(" ")}</span>
    </div>
  );
}
