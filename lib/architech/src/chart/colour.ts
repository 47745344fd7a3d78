/** Colours by name, as CSS has them. A closed list, so that a misspelt column is not taken for a colour. */
export type NamedColour =
  | "black" | "silver" | "gray" | "grey" | "white" | "maroon" | "red" | "purple" | "fuchsia" | "magenta" | "green" | "lime"
  | "olive" | "yellow" | "navy" | "blue" | "teal" | "aqua" | "cyan" | "orange" | "aquamarine" | "azure" | "beige" | "brown"
  | "chocolate" | "coral" | "cornflowerblue" | "crimson" | "darkblue" | "darkcyan" | "darkgray" | "darkgreen" | "darkorange"
  | "darkred" | "deeppink" | "deepskyblue" | "dimgray" | "dodgerblue" | "firebrick" | "forestgreen" | "gold" | "goldenrod"
  | "hotpink" | "indianred" | "indigo" | "khaki" | "lavender" | "lightblue" | "lightgray" | "lightgreen" | "limegreen"
  | "mediumpurple" | "mediumseagreen" | "midnightblue" | "orangered" | "orchid" | "peru" | "pink" | "plum" | "royalblue"
  | "salmon" | "seagreen" | "sienna" | "skyblue" | "slateblue" | "slategray" | "springgreen" | "steelblue" | "tan" | "tomato"
  | "turquoise" | "violet" | "wheat" | "whitesmoke" | "yellowgreen";

/** A constant colour. */
export type Colour = NamedColour | "none" | "currentColor" | "transparent" | `#${string}` | `rgb(${string})` | `rgba(${string})` | `hsl(${string})`;
