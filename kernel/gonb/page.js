// The page's end of gonb's comms: globalThis.gonb_comm, with the functions that
// gonb's widgets and its users' scripts call. It has a connection of its own to
// the Jupyter server, since a script in an output can't reach the notebook's.
((kernel, target) => {
    "use strict";

    const say = (...what) => { if (globalThis.gonb_comm?.debug) console.log("gonb_comm:", ...what); };

    // channels is the address of the kernel's websocket: behind a base URL, by
    // https, with a token, as the page itself came.
    const channels = (kernel, session) => {
        let config = {};
        try {
            config = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
        } catch (error) {
            say("the page's configuration can't be read", error);
        }
        let base = config.baseUrl || document.body?.dataset?.baseUrl || "/";
        if (!base.endsWith("/")) base += "/";
        const url = new URL(base + "api/kernels/" + encodeURIComponent(kernel) + "/channels", config.wsUrl || document.location.href);
        url.protocol = url.protocol.replace(/^http/, "ws");
        url.searchParams.set("session_id", session);
        const token = config.token || document.body?.dataset?.jupyterApiToken;
        if (token) url.searchParams.set("token", token);
        return url.href;
    };

    // crypto.randomUUID exists only in pages that came by https or from localhost.
    const uuid = () => {
        const b = crypto.getRandomValues(new Uint8Array(16));
        return Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
    };

    class Comm {
        constructor() {
            this.debug = false;
            this._subscribers = new Map(); // address -> Map(symbol -> callback)
            this._variables = new Map();   // address -> SyncedVariable
            this._values = new Map();      // address -> the last value seen
            this._waiting = [];            // messages for when the comm is open
        }

        // connectTo connects, anew if need be. Scripts of earlier outputs hold this
        // object: what they subscribed and what they send goes on.
        connectTo(kernel, target) {
            this._leave(1000, "connects anew");
            this._kernel = kernel;
            this._target = target;
            this._session = uuid();
            this._tries = 0;
            this._connect();
        }

        send(address, value) {
            if (value === undefined) value = null;
            this._values.set(address, value);
            this._post(address, value);
        }

        subscribe(address, callback) {
            const id = Symbol(address);
            if (!this._subscribers.has(address)) this._subscribers.set(address, new Map());
            this._subscribers.get(address).set(id, callback);
            return id;
        }

        unsubscribe(id) {
            for (const [address, callbacks] of this._subscribers) {
                if (callbacks.delete(id) && callbacks.size === 0) this._subscribers.delete(address);
            }
        }

        newSyncedVariable(address, value) {
            const known = this._variables.get(address);
            if (known) {
                known.set(value);
                return known;
            }
            const made = new SyncedVariable(address, value);
            this._variables.set(address, made);
            return made;
        }

        close(code = 1000, reason = "") {
            if (globalThis.gonb_comm === this) delete globalThis.gonb_comm;
            this._leave(code, reason);
        }

        // _leave ends the connection, if there is one, for good.
        _leave(code, reason) {
            const socket = this._socket;
            this._socket = null;
            if (socket?.readyState === WebSocket.OPEN && this._id) this._message(socket, "comm_close", {comm_id: this._id, data: {}});
            this._id = this._opening = null;
            socket?.close(code, String(reason).slice(0, 100));
        }

        _connect() {
            this._id = null;
            const socket = new WebSocket(channels(this._kernel, this._session));
            this._socket = socket;
            socket.onopen = () => this._open();
            socket.onmessage = (event) => {
                if (this._socket === socket && typeof event.data === "string") this._receive(JSON.parse(event.data));
            };
            socket.onclose = (event) => {
                say("closed", event.code, event.reason);
                if (this._socket !== socket) return;
                this._id = this._opening = null;
                if (++this._tries > 8) {
                    console.error("gonb_comm: no connection to the kernel: widgets don't work");
                    this._leave(1000, "");
                    return;
                }
                setTimeout(() => { if (this._socket === socket) this._connect(); }, 250 * 2 ** this._tries);
            };
        }

        // _open opens the comm; it counts as open when the kernel says so. The server
        // may not yet pass on what the kernel says when it already takes what we say:
        // without an answer we ask again.
        _open() {
            this._id = null;
            this._opening = uuid();
            this._ask(this._socket, this._opening, 250);
        }

        _ask(socket, id, patience) {
            if (this._socket !== socket || this._opening !== id || socket.readyState !== WebSocket.OPEN) return;
            this._message(socket, "comm_open", {comm_id: id, target_name: this._target, data: {}});
            setTimeout(() => this._ask(socket, id, 2 * patience), patience);
        }

        _message(socket, type, content) {
            const header = {msg_id: uuid(), msg_type: type, session: this._session, username: "", version: "5.3", date: new Date().toISOString()};
            socket.send(JSON.stringify({channel: "shell", header, parent_header: {}, metadata: {}, content, msg_id: header.msg_id, msg_type: type}));
        }

        _post(address, value) {
            if (!this._id) {
                this._waiting.push([address, value]);
                return;
            }
            say("send", address, value);
            this._message(this._socket, "comm_msg", {comm_id: this._id, data: {address, value}});
        }

        _receive(message) {
            const content = message.content ?? {};
            const type = message.msg_type ?? message.header?.msg_type;
            const id = content.comm_id;
            if (!id || (id !== this._id && id !== this._opening)) return;
            if (type === "comm_close") {
                // The kernel was restarted, or has a newer page.
                this._id = this._opening = null;
                if (++this._tries < 8) this._open();
                return;
            }
            if (type !== "comm_msg") return;
            const {address, value} = content.data ?? {};
            switch (address) {
            case "#comm_open_ack":
                this._id = id;
                this._opening = null;
                this._tries = 0;
                this._post("#heartbeat/pong", true); // the kernel waits for the proof that we hear it
                for (const [at, what] of this._waiting.splice(0)) this._post(at, what);
                return;
            case "#heartbeat/ping":
                this._post("#heartbeat/pong", true);
                return;
            case "#heartbeat/pong":
                return;
            case "#read":
                this._post(value, this._values.has(value) ? this._values.get(value) : null);
                return;
            }
            say("received", address, value);
            this._values.set(address, value);
            for (const callback of [...(this._subscribers.get(address)?.values() ?? [])]) {
                try {
                    callback(address, value);
                } catch (error) {
                    console.error(`gonb_comm: a subscriber of ${address} failed:`, error);
                }
            }
        }
    }

    // SyncedVariable is a value that the page and the program share.
    class SyncedVariable {
        constructor(address, value) {
            this._address = address;
            this._value = null;
            this._callbacks = new Map();
            globalThis.gonb_comm.subscribe(address, (_, received) => this._take(received));
            this.set(value);
        }

        get() { return this._value; }

        set(value) {
            if (value === undefined || value === this._value) return;
            this._take(value);
            if (globalThis.gonb_comm) globalThis.gonb_comm.send(this._address, value);
            else console.error(`gonb_comm: ${this._address} is not connected`);
        }

        subscribe(callback) {
            const id = Symbol(this._address);
            this._callbacks.set(id, callback);
            return id;
        }

        unsubscribe(id) { this._callbacks.delete(id); }

        _take(value) {
            if (value === this._value) return;
            this._value = value;
            for (const callback of [...this._callbacks.values()]) callback(value);
        }
    }

    if (!globalThis.gonb_comm?.connectTo) {
        globalThis.gonb_comm?.close?.();
        globalThis.gonb_comm = new Comm();
    }
    globalThis.gonb_comm.connectTo(kernel, target);
})
