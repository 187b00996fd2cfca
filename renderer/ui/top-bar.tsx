import { Lock, Palette as PaletteIcon, UserRound } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { en } from "../../shared/strings/en.ts";
import { Button } from "./button.tsx";
import { Keys } from "./keys.tsx";
import { themes, usePreferences } from "./preferences.ts";
import { Clock } from "./time.tsx";
import menu from "./menu.module.css";
import styles from "./top-bar.module.css";

interface TopBarProps {
  readonly title: string;
  readonly tabs?: ReactNode;
  /** Who else is here. */
  readonly others?: ReactNode;
  readonly operator: string;
  readonly onLock: () => void;
}

/** Where you are, who you are, what time it is, and the lock. */
export function TopBar({ title, tabs, others, operator, onLock }: TopBarProps) {
  return (
    <header className={styles["bar"]}>
      <h1>{title}</h1>
      {tabs}
      <div className={styles["right"]}>
        <Clock label={en.ui.bar.zoneSwitch} />
        <ThemeMenu />
        {others}
        <span className={styles["who"]}>
          <UserRound aria-hidden="true" />
          {operator}
        </span>
        <Button
          look="quiet"
          icon={<Lock aria-hidden="true" />}
          title={`${en.ui.bar.lock}, ${en.keys.control} L`}
          onClick={onLock}
        >
          <span className={styles["wide"]}>{en.ui.bar.lock}</span>
          <span className={styles["wide"]}>
            <Keys keys={[en.keys.control, "L"]} />
          </span>
        </Button>
      </div>
    </header>
  );
}

function ThemeMenu() {
  const theme = usePreferences((state) => state.theme);
  const setTheme = usePreferences((state) => state.setTheme);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button
          look="quiet"
          aria-label={en.ui.bar.theme(en.ui.themes[theme])}
          title={en.ui.bar.theme(en.ui.themes[theme])}
          icon={<PaletteIcon aria-hidden="true" />}
        />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu["menu"]} align="end" sideOffset={4}>
          <DropdownMenu.RadioGroup
            value={theme}
            onValueChange={(value) => setTheme(themes.find((name) => name === value) ?? "system")}
          >
            {themes.map((name) => (
              <DropdownMenu.RadioItem key={name} value={name} className={menu["choice"]}>
                <span className={menu["radio"]} />
                {en.ui.themes[name]}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
