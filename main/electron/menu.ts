import { Menu, type MenuItemConstructorOptions } from "electron";

/** The menu: what every desktop expects, and nothing that leads out of the window. */
export function setMenu(hasDevTools: boolean, platform: string): void {
  const template: MenuItemConstructorOptions[] = [
    ...(platform === "darwin" ? [{ role: "appMenu" } as const] : []),
    { role: "fileMenu" },
    { role: "editMenu" },
    {
      label: "View",
      submenu: [
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { type: "separator" },
        { role: "togglefullscreen" },
        ...(hasDevTools ? [{ role: "toggleDevTools" } as const] : []),
      ],
    },
    { role: "windowMenu" },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
