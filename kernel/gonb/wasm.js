// Runs a program that was built for WebAssembly. The files are the server's,
// behind its base URL.
(async (url, support, program, args) => {
    const config = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
    const base = (config.baseUrl || document.body?.dataset?.baseUrl || "/").replace(/\/$/, "") + url + "/";
    const fresh = (name) => fetch(base + name, {cache: "no-store"}).then((reply) => {
        if (!reply.ok) throw new Error(`${base + name}: ${reply.status} ${reply.statusText}`);
        return reply;
    });
    try {
        if (!globalThis.Go) (0, eval)(await (await fresh(support)).text());
        const go = new globalThis.Go();
        go.argv = ["js"].concat(args);
        const {instance} = await WebAssembly.instantiate(await (await fresh(program)).arrayBuffer(), go.importObject);
        await go.run(instance);
    } catch (error) {
        console.error("the program for the page doesn't run:", error);
    }
})
