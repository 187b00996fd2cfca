import { ComponentsPage } from "../pages/components/components-page.tsx";

export function App() {
  return <ComponentsPage />;
}
