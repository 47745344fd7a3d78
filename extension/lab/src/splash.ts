import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ISplashScreen } from "@jupyterlab/apputils";
import { DisposableDelegate } from "@lumino/disposable";

/** Shows the page's own splash, which stands in the HTML so that it is painted before any code has run. */
export const splash: JupyterFrontEndPlugin<ISplashScreen> = {
  id: "@architech/lab:splash",
  description: "The first screen.",
  autoStart: true,
  provides: ISplashScreen,
  activate: (app: JupyterFrontEnd) => {
    const element = document.getElementById("architech-splash");
    // Several may ask for it at once; it goes when the last has let go and the layout stands.
    let shown = 0;
    const renew = (): void => {
      if (element) element.hidden = shown === 0;
    };
    const show = (): DisposableDelegate => {
      shown += 1;
      renew();
      return new DisposableDelegate(() => {
        shown -= 1;
        renew();
      });
    };
    const first = show();
    void app.restored.finally(() => first.dispose());
    return { show };
  },
};
