import { LabIcon } from "@jupyterlab/ui-components";

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="24">
  <rect x="2" y="2" width="60" height="60" rx="12" fill="#1f4b6e"/>
  <path d="M14 50 32 14l18 36" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>
  <path d="M21 40h22" stroke="#f2a93b" stroke-width="5" stroke-linecap="round"/>
  <circle cx="32" cy="14" r="5" fill="#f2a93b"/>
</svg>`;

/** The sign of the house, which the kernel has too: an A whose apex is a node. */
export const architechIcon: LabIcon = new LabIcon({ name: "architech:sign", svgstr: svg });

const demosSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24">
  <path d="M4 19V5m0 14h16" fill="none" stroke="#7a8794" stroke-width="2" stroke-linecap="round"/>
  <path d="m6.5 15.5 4-4.5 3 2.5 5-7" fill="none" stroke="#1f8ba5" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>
  <circle cx="18.5" cy="6.5" r="2" fill="#f2a33a"/>
</svg>`;

/** A chart under way. */
export const demosIcon: LabIcon = new LabIcon({ name: "architech:demos", svgstr: demosSvg });

/** The same as an address. */
export const demosPicture: string = `data:image/svg+xml,${encodeURIComponent(demosSvg)}`;
