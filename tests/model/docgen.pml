/* The protocol of sql/ as a model for Spin: repositories, workers on two hosts, a sweeper on each host, a reader,
 * clients, lost replies, crashes, pauses and a failover of the database that loses the last commit.
 *
 * One atomic step is one committed SQL statement. Time is not counted: a lease, a lock, a queue limit or a deadline may
 * run out at any moment (a superset of every pause, clock and delay), so safety holds for all timings.
 * Fencing tokens: a claim is random in sql/, so no two live claims are ever equal; here it is the taker's number, which
 * keeps that property with few states, since a worker has one claim at a time and forgets it when it crashes.
 *
 * Defines: REPOS, JOBS (jobs a repository may have), CRASHES, FAILOVERS; a mutant: BY_ID, BY_STATE, BY_COUNTER,
 * BLIND_SWEEP, TWO_STEP_PUBLISH, NO_SWEEP. `check` beside this file says which run must find what.
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef REPOS
#define REPOS 2
#endif
#ifndef WORKERS
#define WORKERS 3
#endif
#ifndef JOBS
#define JOBS 2
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef FAILOVERS
#define FAILOVERS 1
#endif
#define NONE 0
#define HOST(w) ((w) / 2) /* workers 0 and 1 share host 0, worker 2 is alone on host 1 */
#define MAX_RUNNING 1

mtype = { idle, generating, completed, failed };

typedef Row {
    mtype status;
    byte job;       /* the current job, 1…JOBS; 0 = none yet */
    byte claim;     /* the fence: taker + 1, NONE = queued or ended */
    byte taker;     /* ghost: the worker whose take is committed, + 1 */
    byte counter;   /* what a counter fence would use */
    bool expired;   /* lease, deadline or queue limit has run out */
    bool unlocked;  /* the lock timeout has passed */
    byte progress;  /* 0…2, 3 = 100 % */
    byte published; /* job whose parts readers see */
}

/* The database: rows, and for each job its terminal event (0 none, 1 completed, 2 failed). */
typedef Database {
    Row row[REPOS];
    byte verdict[6]; /* REPOS * JOBS */
}

Database db;
Database before; /* as of the commit before the last one: what a failover falls back to */
byte crashes = CRASHES;
byte failovers = FAILOVERS;
hidden byte i;

#define ROW db.row[r]
#define EVENT(r, j) db.verdict[(r) * JOBS + (j) - 1]

inline remember()
{
    i = 0;
    do
    :: i < REPOS ->
        before.row[i].status = db.row[i].status;
        before.row[i].job = db.row[i].job;
        before.row[i].claim = db.row[i].claim;
        before.row[i].taker = db.row[i].taker;
        before.row[i].counter = db.row[i].counter;
        before.row[i].expired = db.row[i].expired;
        before.row[i].unlocked = db.row[i].unlocked;
        before.row[i].progress = db.row[i].progress;
        before.row[i].published = db.row[i].published;
        i++
    :: else -> break
    od;
    i = 0;
    do
    :: i < REPOS * JOBS -> before.verdict[i] = db.verdict[i]; i++
    :: else -> break
    od
}

#if FAILOVERS
#define COMMIT remember()
#else
#define COMMIT skip
#endif

/* The invariants of a row, asserted after each commit. */
inline invariants()
{
    assert(ROW.status != generating || ROW.job != NONE);
    assert(ROW.claim == NONE || ROW.status == generating);
    assert((ROW.status == completed) == (ROW.progress == 3));
#ifndef TWO_STEP_PUBLISH
    assert(ROW.status != completed || ROW.published == ROW.job);
#endif
    assert(ROW.status != generating || EVENT(r, ROW.job) == 0);
    assert(ROW.status != completed || EVENT(r, ROW.job) == 1);
    assert(ROW.status != failed || EVENT(r, ROW.job) == 2);
    assert(ROW.published == NONE || EVENT(r, ROW.published) == 1)
}

/* Writes a job's one terminal event and ends the row. */
inline end_failed()
{
    assert(EVENT(r, ROW.job) == 0); /* a terminal event never changes, and there is one */
    EVENT(r, ROW.job) = 2;
    ROW.status = failed;
    ROW.progress = 0;
    ROW.claim = NONE;
    ROW.taker = NONE;
    ROW.expired = false
}

/* request: accepted unless a job holds the lock; a queued job past the lock keeps its id. */
proctype Client(byte r)
{
end:
    do
    :: d_step {
           ROW.status != generating && ROW.job < JOBS ->
           COMMIT;
           ROW.job++;
           ROW.status = generating;
           ROW.progress = 0;
           ROW.claim = NONE;
           ROW.taker = NONE;
           ROW.expired = false;
           ROW.unlocked = false;
           invariants()
       }
    :: d_step { /* a taken job past its lock is superseded, with its verdict in the same statement */
           ROW.status == generating && ROW.unlocked && ROW.claim != NONE && ROW.job < JOBS ->
           COMMIT;
           end_failed();
           ROW.job++;
           ROW.status = generating;
           ROW.unlocked = false;
           invariants()
       }
    :: d_step { /* a queued one past its lock: the same job, refreshed in place */
           ROW.status == generating && ROW.unlocked && ROW.claim == NONE ->
           COMMIT;
           ROW.unlocked = false
       }
    od
}

/* Whether a write of worker w for (r, job, claim) passes the fence. */
#if defined(BY_ID)
#define MINE (ROW.job == job)
#elif defined(BY_STATE)
#define MINE (ROW.status == generating)
#elif defined(BY_COUNTER)
#define MINE (ROW.status == generating && ROW.claim != NONE && ROW.counter == token)
#else
#define MINE (ROW.status == generating && ROW.claim == w + 1)
#endif
/* At most one owner passes: only the worker whose take the database holds. */
#define ONLY_OWNER assert(ROW.status == generating && ROW.taker == w + 1 && ROW.job == job)

/* How many jobs run on host h; in sql/ it is counted under the host's row lock, here within the step that takes. */
#define RUNS(n, h) (db.row[n].claim != NONE && HOST(db.row[n].claim - 1) == h)
#if REPOS > 1
#define RUNNING(h) (RUNS(0, h) + RUNS(1, h))
#else
#define RUNNING(h) (RUNS(0, h))
#endif
#define QUEUED(n) (db.row[n].status == generating && db.row[n].claim == NONE && !db.row[n].expired)

inline take(n)
{
    d_step {
        QUEUED(n) && RUNNING(HOST(w)) < MAX_RUNNING ->
        COMMIT;
        r = n;
        ROW.claim = w + 1;
        ROW.taker = w + 1;
#ifdef BY_COUNTER
        ROW.counter++;
        token = ROW.counter;
#endif
        ROW.expired = false;
        ROW.unlocked = false;
        job = ROW.job;
        assert(RUNNING(HOST(w)) <= MAX_RUNNING);
        invariants()
    }
}

proctype Worker(byte w)
{
    byte r, job, token;
    bool mine;

look:
    atomic { r = 0; job = NONE; token = 0; mine = false }
end:
    if
    :: take(0)
#if REPOS > 1
    :: take(1)
#endif
    fi;
    /* a lost reply of take is asked again with the same claim and answers the same job: no further state */
    do
    :: d_step { /* progress, pages: KEY SHARE or row lock, fenced; renews the lease */
           mine = MINE;
           if
           :: mine && ROW.progress < 2 ->
               ONLY_OWNER;
               COMMIT;
               ROW.progress++;
               ROW.expired = false;
               invariants()
           :: else
           fi
       };
       if
       :: !mine -> goto look /* lost: kill the generator, discard */
       :: else
       fi
#ifdef TWO_STEP_PUBLISH
    :: d_step {
           mine = MINE;
           if
           :: mine -> ONLY_OWNER; ROW.published = job
           :: else
           fi
       };
       d_step {
           mine = MINE;
           if
           :: mine -> ONLY_OWNER; assert(EVENT(r, job) == 0); EVENT(r, job) = 1;
               ROW.status = completed; ROW.progress = 3; ROW.claim = NONE; ROW.taker = NONE; ROW.expired = false
           :: else
           fi;
           assert(ROW.published == NONE || EVENT(r, ROW.published) == 1)
       };
       goto look
#else
    :: d_step { /* complete: pointer, status, 100 and the verdict in one transaction */
           mine = MINE;
           if
           :: mine ->
               ONLY_OWNER;
               COMMIT;
               assert(EVENT(r, job) == 0);
               EVENT(r, job) = 1;
               ROW.published = job;
               ROW.status = completed;
               ROW.progress = 3;
               ROW.claim = NONE;
               ROW.taker = NONE;
               ROW.expired = false;
               invariants()
           :: else
           fi
       };
       if
       :: goto look /* done, or a lost reply asked again: the completed event answers "done" */
       :: mine -> /* the reply is lost and the worker's cleanup says fail: the fence must refuse it */
           d_step {
               if
               :: MINE -> ONLY_OWNER; COMMIT; end_failed(); invariants()
               :: else
               fi
           };
           goto look
       fi
#endif
    :: d_step { /* fail, or the pool cleanup of a job that ended without completing */
           if
           :: MINE -> ONLY_OWNER; COMMIT; end_failed(); invariants()
           :: else
           fi
       };
       goto look
    :: d_step { crashes > 0 -> crashes-- }; goto look /* SIGKILL and respawn: all it knew is gone, the row is not */
#ifdef LIVENESS
    :: d_step { crashes > 0 -> crashes-- }; goto hung /* a hung supervisor: never answers again */
#endif
    od;
hung:
    false
}

/* Time: a lease, deadline or queue limit runs out whenever it likes. */
proctype Clock(byte r)
{
end:
    do
    :: d_step { ROW.status == generating && !ROW.expired -> ROW.expired = true }
    od
}

/* So does a lock; and a hand that changes generation_started_at ends it, or starts it again. A process of its own: it may
 * go on for ever and must not keep the other clock from its turn. */
proctype Lock(byte r)
{
end:
    do
    :: d_step { ROW.status == generating && !ROW.unlocked -> ROW.unlocked = true }
    :: d_step { ROW.status == generating && ROW.unlocked -> ROW.unlocked = false }
    od
}

#ifndef NO_SWEEP
/* expire(id): what sweeper and readers call; the row lock is taken, then the lease is looked at again. */
proctype Sweeper(byte r)
{
end:
    do
#ifdef BLIND_SWEEP
    :: ROW.status == generating && ROW.expired -> /* due: a plain read … */
       d_step { COMMIT; end_failed(); invariants() } /* … and nobody looks again */
#else
    :: d_step { ROW.status == generating && ROW.expired -> COMMIT; end_failed(); invariants() }
#endif
    od
}
#endif

#if FAILOVERS
/* The primary is lost with its last commit; the standby goes on. Nothing outside the database goes back. */
proctype Failover()
{
    byte r;
end:
    do
    :: d_step {
           failovers > 0 ->
           failovers--;
           r = 0;
           do
           :: r < REPOS ->
               db.row[r].status = before.row[r].status;
               db.row[r].job = before.row[r].job;
               db.row[r].claim = before.row[r].claim;
               db.row[r].taker = before.row[r].taker;
               db.row[r].counter = before.row[r].counter;
               db.row[r].expired = before.row[r].expired;
               db.row[r].unlocked = before.row[r].unlocked;
               db.row[r].progress = before.row[r].progress;
               db.row[r].published = before.row[r].published;
               r++
           :: else -> break
           od;
           r = 0;
           do
           :: r < REPOS * JOBS -> db.verdict[r] = before.verdict[r]; r++
           :: else -> break
           od;
           r = 0
       }
    od
}
#endif

init {
    byte r;

    atomic {
        r = 0;
        do
        :: r < REPOS ->
            db.row[r].status = idle;
            before.row[r].status = idle;
            run Client(r);
            run Clock(r);
            run Lock(r);
#ifndef NO_SWEEP
            run Sweeper(r);
#endif
            r++
        :: else -> break
        od;
        r = 0;
        do
        :: r < WORKERS -> run Worker(r); r++
        :: else -> break
        od;
#if FAILOVERS
        run Failover();
#endif
    }
}

#ifdef LIVENESS
/* No row stays generating. */
ltl unstuck { [] (db.row[0].status == generating -> <> (db.row[0].status != generating)) }
#endif
