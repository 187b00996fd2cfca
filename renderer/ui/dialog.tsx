import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { StationTag, type Side } from "./side.tsx";
import { Wall } from "./wall.tsx";
import styles from "./dialog.module.css";

/** Where data goes, when the dialog moves some: the edge of our side stands on it. */
interface Movement {
  readonly name: string;
  readonly side: Side;
  readonly sideText: string;
  readonly to?: { readonly name: string; readonly side: Side; readonly word: string } | undefined;
}

interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  /** What will happen, to what, how many, and whether it can be undone. */
  readonly consequence?: ReactNode;
  readonly moves?: Movement | undefined;
  readonly wide?: boolean;
  readonly children?: ReactNode;
  /** Buttons; the primary one is the last, at the right. */
  readonly footer: ReactNode;
}

/** A question over the page. A dialog that moves data carries the side's edge, from and to. */
export function Dialog({
  open,
  onOpenChange,
  title,
  consequence,
  moves,
  wide = false,
  children,
  footer,
}: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={styles["scrim"]} />
        <Radix.Content
          className={`${styles["dialog"]} ${wide ? styles["wide"] : ""}`}
          {...(consequence === undefined ? { "aria-describedby": undefined } : {})}
        >
          {moves === undefined ? null : (
            <span className={`${styles["edge"]} ${styles[moves.side]}`}>
              <Wall side={moves.side} width={16} />
            </span>
          )}
          <div className={styles["body"]}>
            {moves === undefined ? null : (
              <p className={styles["from"]}>
                <StationTag name={moves.name} side={moves.side} />{" "}
                <span className="dim">{moves.sideText}</span>
                {moves.to === undefined ? null : (
                  <>
                    <span className="dim">{moves.to.word}</span>{" "}
                    <StationTag name={moves.to.name} side={moves.to.side} />
                  </>
                )}
              </p>
            )}
            <Radix.Title className={styles["title"]}>{title}</Radix.Title>
            {consequence === undefined ? null : (
              <Radix.Description asChild>
                <p className={styles["consequence"]}>{consequence}</p>
              </Radix.Description>
            )}
            {children}
            <footer className={styles["footer"]}>{footer}</footer>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
