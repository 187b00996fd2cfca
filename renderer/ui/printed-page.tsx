import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { hasLongWord, type Printed, type PrintedBlock } from "../../shared/contract/printed.ts";
import { OutsideText } from "./outside-text.tsx";
import styles from "./printed-page.module.css";
import { QrCode } from "./qr-code.tsx";

/** A page of the station as it is printed: black on white in every theme, because paper is. */
export function PrintedPage({ page, label }: { page: Printed; label: string }) {
  return (
    <section
      className={styles["frame"]}
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <Sheet page={page} />
    </section>
  );
}

/**
 * Prints a page and nothing else of the console: for as long as the print takes, it stands beside the console in the
 * document, and the console is not printed.
 */
export function usePrint(page: Printed | undefined): {
  readonly print: () => void;
  readonly sheet: React.ReactNode;
} {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    if (!printing) return undefined;
    const done = (): void => setPrinting(false);
    addEventListener("afterprint", done);
    window.print();
    return () => removeEventListener("afterprint", done);
  }, [printing]);
  return {
    print: () => setPrinting(true),
    sheet:
      !printing || page === undefined
        ? null
        : createPortal(
            <div className="printed-alone">
              <Sheet page={page} />
            </div>,
            document.body,
          ),
  };
}

function Sheet({ page }: { page: Printed }) {
  return (
    <div className={styles["sheet"]}>
      <h3 className={styles["title"]}>
        <OutsideText text={page.title} />
      </h3>
      <p className={styles["about"]}>
        <OutsideText text={page.subtitle} />
      </p>
      {page.blocks.map((block, place) => (
        <Block key={place} block={block} />
      ))}
    </div>
  );
}

function Block({ block }: { block: PrintedBlock }) {
  switch (block.kind) {
    case "text":
      return (
        <p>
          <OutsideText text={block.text} />
        </p>
      );
    case "facts":
      return (
        <dl>
          {block.rows.map((row, place) => (
            <div key={place}>
              <dt>
                <OutsideText text={row.name} />
              </dt>
              <dd>
                <OutsideText text={row.value} />
              </dd>
            </div>
          ))}
        </dl>
      );
    case "table":
      return <Rows block={block} />;
    case "exact":
      return (
        <>
          <h4>{block.title}</h4>
          <pre>
            <OutsideText text={block.text} keep={"\n"} />
          </pre>
        </>
      );
    case "code":
      return (
        <>
          <h4>{block.title}</h4>
          <p className={styles["code"]}>{block.text}</p>
        </>
      );
    case "qr":
      return (
        <>
          <h4>{block.title}</h4>
          <QrCode text={block.text} what={block.title} />
        </>
      );
    case "lines":
      return (
        <>
          <h4>{block.title}</h4>
          {block.captions.map((caption) => (
            <p key={caption} className={styles["line"]}>
              {caption}
            </p>
          ))}
        </>
      );
  }
}

function Rows({ block }: { block: Extract<PrintedBlock, { kind: "table" }> }) {
  return (
    <>
      <h4>{block.title}</h4>
      <p className={styles["about"]}>{block.about}</p>
      {block.rows.length === 0 ? (
        <p>{block.empty}</p>
      ) : (
        <table aria-label={block.title}>
          <thead>
            <tr>
              {block.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.rows.map((row, place) => (
              <tr key={place}>
                {row.map((cell, column) => (
                  <td key={block.columns[column]} className={hasLongWord(cell) ? styles["long"] : undefined}>
                    <OutsideText text={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
