"""A chat on Tornado with server-sent events, as OpenTalk of 2016 was: inboxes in memory, a stream a listener."""

import asyncio
import datetime
import json
import os

import tornado.httpserver
import tornado.netutil
import tornado.web

inboxes = {}
listeners = {}


def frame(event, data, place=None):
    head = '' if place is None else f'id: {place}\n'
    return f'{head}event: {event}\ndata: {data}\n\n'


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat()


def heartbeat():
    return frame('heartbeat', json.dumps({'now': now()}))


def put(nick, data):
    inbox = inboxes.setdefault(nick, [])
    inbox.append(data)
    return len(inbox)


def fill():
    """So many messages wait in each inbox at the start, from the neighbour: `people x messages`."""
    people, waiting = (int(n) for n in os.environ['WAITING'].split('x'))
    for person in range(people):
        sender = (person + 1) % people
        for number in range(1, waiting + 1):
            put(f'p{person}', json.dumps({
                'id': f'{sender:08x}-0000-4000-8000-{number:012x}', 'from': f'p{sender}', 'to': f'p{person}',
                'text': f'Message {number}, as long as people write them.', 'acceptedAt': now(),
            }, separators=(',', ':')))


def tell_all(frames):
    for of_nick in listeners.values():
        for handler in of_nick:
            handler.send(frames)


class Handler(tornado.web.RequestHandler):
    def nick(self):
        return self.get_cookie('ot')


class Events(Handler):
    async def get(self):
        nick = self.nick()
        self.gone = asyncio.Event()
        self.set_header('Content-Type', 'text/event-stream')
        self.set_header('Cache-Control', 'no-store')
        listeners.setdefault(nick, set()).add(self)
        self.write('retry: 500\n' + frame('ack', '{}'))
        last = self.request.headers.get('Last-Event-ID')
        if last is not None:
            place = int(last)
            for index, data in enumerate(inboxes.get(nick, [])[place:]):
                self.write(frame('inbox', data, place + index + 1))
        self.write(heartbeat())
        self.flush()
        await self.gone.wait()

    def send(self, frames):
        self.write(frames)
        self.flush()

    def on_connection_close(self):
        listeners[self.nick()].discard(self)
        self.gone.set()


class Messages(Handler):
    def post(self):
        sender = self.nick()
        results = []
        for draft in json.loads(self.request.body)['messages']:
            data = json.dumps({
                'id': draft['id'], 'from': sender, 'to': draft['to'], 'text': draft['text'], 'acceptedAt': now(),
            }, separators=(',', ':'))
            for nick in (draft['to'], sender):
                frames = frame('inbox', data, put(nick, data))
                for handler in listeners.get(nick, ()):
                    handler.send(frames)
            results.append({'id': draft['id'], 'status': 'accepted'})
        self.write({'results': results})


class Session(Handler):
    def post(self):
        nick = json.loads(self.request.body)['nick']
        person = {'id': '00000000-0000-4000-8000-000000000000', 'nick': nick, 'online': True, 'lastSeen': None}
        tell_all(frame('person', json.dumps(person, separators=(',', ':'))))
        self.set_status(201)
        self.write({})


async def beat():
    while True:
        await asyncio.sleep(int(os.environ.get('HEARTBEAT_MS', '15000')) / 1000)
        tell_all(heartbeat())


async def main():
    if os.environ.get('WAITING'):
        fill()
    application = tornado.web.Application([
        ('/api/events', Events), ('/api/messages', Messages), ('/api/session', Session),
    ])
    [socket] = tornado.netutil.bind_sockets(0, '127.0.0.1', backlog=4096)
    tornado.httpserver.HTTPServer(application).add_socket(socket)
    print(socket.getsockname()[1], flush=True)
    await beat()


asyncio.run(main())
