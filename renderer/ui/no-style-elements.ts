/**
 * Stands in for `react-style-singleton` in the bundle (see vite.config.ts): the same three functions, which
 * write no style element. The scroll lock that they would have styled is a rule of ui/base.css.
 */
export const styleSingleton = () => (): null => null;
export const styleHookSingleton = () => (): void => {};
export const stylesheetSingleton = () => ({ add: (): void => {}, remove: (): void => {} });
