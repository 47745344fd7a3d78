import { LabIcon } from "@jupyterlab/ui-components";

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24">
  <rect width="24" height="24" rx="5" fill="#1f6f8b"/>
  <path d="M5 18 12 5l7 13M8.2 13.5h7.6" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>
  <circle cx="12" cy="5" r="2.2" fill="#fc6"/>
</svg>`;

/** The sign of the house: an A whose apex is a node. */
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
