import { X } from "lucide-react";
import { useEffect, type ReactNode } from "react";
import { en } from "../../shared/strings/en.ts";
import styles from "./drawer.module.css";

interface DrawerProps {
  readonly title: ReactNode;
  readonly subtitle?: ReactNode;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}

/** Details beside a list; over it on a narrow window. Escape closes it. */
export function Drawer({ title, subtitle, label, onClose, children, footer }: DrawerProps) {
  useEffect(() => {
    const close = (event: KeyboardEvent): void => {
      if (
        event.key === "Escape" &&
        !event.defaultPrevented &&
        document.querySelector("[role=dialog]") === null
      )
        onClose();
    };
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, [onClose]);
  return (
    <aside className={styles["drawer"]} aria-label={label}>
      <header className={styles["head"]}>
        <div>
          <h2>{title}</h2>
          {subtitle}
        </div>
        <button
          type="button"
          className={styles["close"]}
          aria-label={en.ui.close}
          title={en.ui.close}
          onClick={onClose}
        >
          <X aria-hidden="true" />
        </button>
      </header>
      <div className={styles["body"]}>{children}</div>
      {footer === undefined ? null : <footer className={styles["foot"]}>{footer}</footer>}
    </aside>
  );
}
