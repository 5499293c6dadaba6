/** A part of the texts of a language, as `vite.config.ts` makes it. */
declare module '*?shop' {
  const texts: import('./index.js').Texts;
  export default texts;
}
declare module '*?desk' {
  const texts: import('./index.js').Texts;
  export default texts;
}
