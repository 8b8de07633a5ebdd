// What the pictures have in common. They follow the reader's light or dark theme.

const STYLE = `text { font: 13px system-ui, sans-serif; fill: #1f2328 } .title { font-weight: 600 } .note { font-size: 11px; fill: #59636e }
  .other { fill: #afb8c1 } .anchor { fill: #818b98 } .product { fill: #0969da } .line { fill: none; stroke: #0969da; stroke-width: 2 }
  .axis { stroke: #d1d9e0; stroke-width: 1 }
  @media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .note { fill: #9198a1 } .other { fill: #3d444d } .anchor { fill: #656c76 }
    .product { fill: #4493f8 } .line { stroke: #4493f8 } .axis { stroke: #3d444d } }`;

/**
 * @param {{ width: number, height: number, label: string, caption: string }} about `label` is read aloud before the caption
 * @param {string[]} parts what is drawn, above the last 20 pixels, where the caption is
 */
export function picture({ width, height, label, caption }, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(`${label} ${caption}`)}">
<style>${STYLE}</style>
${parts.join('\n')}
<text class="note" x="0" y="${height - 8}">${escape(caption)}</text>
</svg>
`;
}

export function shortly(value) {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(2)));
}

export function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
