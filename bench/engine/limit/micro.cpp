// Generated: the model as straight C++. See main.h.
#include "kern.h"
#include "models.h"
#define INF 1e300
#define MASK 4095
static int FF[4096*8]; static double D[4096*2]; static int ST[256]; static Ev R0[4096];static Ev R1[4096];static Ev R2[4096];static Ev R3[4096];
static void runG(double N,int seed){ reset(seed); for(int i=0;i<4096;i++)FF[i*8+7]=i<4095?(i+1)*8:-1; for(int i=0;i<nst;i++){ST[i*4]=capv[i];ST[i*4+1]=ST[i*4+2]=-1;}
int*F=FF; double*SW=sw,*SW2=sw2,*CW=cw; int fl=0,live=0,rsp=0,hn=0,hole=0,seq=0,f=0,g=0,q=0,s=0,i=0; double now=0,events=0,done=0,fails=0,timeouts=0,sumL=0,x,w,dt,t; unsigned lh0=0,lt0=0; double L0=INF; int Z0=0; unsigned lh1=0,lt1=0; double L1=INF; int Z1=0; unsigned lh2=0,lt2=0; double L2=INF; int Z2=0; unsigned lh3=0,lt3=0; double L3=INF; int Z3=0;
g=fl;fl=F[g+7];F[g]=entry;ready[rsp++]=g;
main_: for(;;){ if(rsp>0)f=ready[--rsp]; else { if(hole){hole=0;hn--; if(hn>0){Ev e=H[hn]; siftdown(hn,e.t,e.id,e.seq);} } events++;
 t=INF;s=0;q=-1; if(hn>0){t=H[0].t;s=H[0].seq;} if(L0<t||(L0==t&&Z0-s<0)){t=L0;s=Z0;q=0;}
if(L1<t||(L1==t&&Z1-s<0)){t=L1;s=Z1;q=1;}
if(L2<t||(L2==t&&Z2-s<0)){t=L2;s=Z2;q=2;}
if(L3<t||(L3==t&&Z3-s<0)){t=L3;s=Z3;q=3;} if(t==INF)break; now=t;
 switch(q){case -1: hole=1;f=H[0].id;break; case 0: f=R0[lh0&MASK].id; lh0++; if(lh0==lt0)L0=INF; else {i=lh0&MASK;L0=R0[i].t;Z0=R0[i].seq;} break;
case 1: f=R1[lh1&MASK].id; lh1++; if(lh1==lt1)L1=INF; else {i=lh1&MASK;L1=R1[i].t;Z1=R1[i].seq;} break;
case 2: f=R2[lh2&MASK].id; lh2++; if(lh2==lt2)L2=INF; else {i=lh2&MASK;L2=R2[i].t;Z2=R2[i].seq;} break;
case 3: f=R3[lh3&MASK].id; lh3++; if(lh3==lt3)L3=INF; else {i=lh3&MASK;L3=R3[i].t;Z3=R3[i].seq;} break; } }
 switch(F[f]){ case 0: F[f]=2; t=now+0.0005; seq++; i=lt0&MASK; lt0++; R0[i].t=t; R0[i].id=f; R0[i].seq=seq; if(L0==INF){L0=t;Z0=seq;} goto main_;
case 2: if(ST[20]>0){ST[20]--;CW[20>>2]++;}else{ D[(f>>2)+1]=now; F[f+7]=-1; if(ST[20+1]<0)ST[20+1]=f; else F[ST[20+2]+7]=f; ST[20+2]=f; F[f]=4; goto main_; }
case 4: q=ep[0]; if(q==256){refill(0);q=0;} ep[0]=q+1; x=eb[0][q];dt=x*0.0005; F[f]=7; goto sched;
case 7: g=ST[20+1]; if(g>=0){ ST[20+1]=F[g+7]; w=now-D[(g>>2)+1]; SW[20>>2]+=w; SW2[20>>2]+=w*w; CW[20>>2]++; ready[rsp++]=g; } else ST[20]++;
case 9: F[f]=11; t=now+0.0005; seq++; i=lt0&MASK; lt0++; R0[i].t=t; R0[i].id=f; R0[i].seq=seq; if(L0==INF){L0=t;Z0=seq;} goto main_;
case 11: s=F[f+1]; if(F[s+2]==F[f+3]){ F[s+2]++; F[s]+=3; g=F[s+1]; F[g+5]--; if(F[g+5]==0) ready[rsp++]=g; } F[f+7]=fl; fl=f; live--; goto main_;
case 12: F[f]=14; t=now+0.0005; seq++; i=lt0&MASK; lt0++; R0[i].t=t; R0[i].id=f; R0[i].seq=seq; if(L0==INF){L0=t;Z0=seq;} goto main_;
case 14: if(ST[24]>0){ST[24]--;CW[24>>2]++;}else{ D[(f>>2)+1]=now; F[f+7]=-1; if(ST[24+1]<0)ST[24+1]=f; else F[ST[24+2]+7]=f; ST[24+2]=f; F[f]=16; goto main_; }
case 16: q=ep[1]; if(q==256){refill(1);q=0;} ep[1]=q+1; x=eb[1][q];dt=x*0.005; F[f]=19; goto sched;
case 19: g=ST[24+1]; if(g>=0){ ST[24+1]=F[g+7]; w=now-D[(g>>2)+1]; SW[24>>2]+=w; SW2[24>>2]+=w*w; CW[24>>2]++; ready[rsp++]=g; } else ST[24]++;
case 21: F[f]=23; t=now+0.0005; seq++; i=lt0&MASK; lt0++; R0[i].t=t; R0[i].id=f; R0[i].seq=seq; if(L0==INF){L0=t;Z0=seq;} goto main_;
case 23: s=F[f+1]; if(F[s+2]==F[f+3]){ F[s+2]++; F[s]+=3; g=F[s+1]; F[g+5]--; if(F[g+5]==0) ready[rsp++]=g; } F[f+7]=fl; fl=f; live--; goto main_;
case 24: F[f]=26; t=now+0.0005; seq++; i=lt0&MASK; lt0++; R0[i].t=t; R0[i].id=f; R0[i].seq=seq; if(L0==INF){L0=t;Z0=seq;} goto main_;
case 26: if(ST[28]>0){ST[28]--;CW[28>>2]++;}else{ D[(f>>2)+1]=now; F[f+7]=-1; if(ST[28+1]<0)ST[28+1]=f; else F[ST[28+2]+7]=f; ST[28+2]=f; F[f]=28; goto main_; }
case 28: q=ep[2]; if(q==256){refill(2);q=0;} ep[2]=q+1; x=eb[2][q];dt=x*0.005; F[f]=31; goto sched;
case 31: if(ST[32]>0){ST[32]--;CW[32>>2]++;}else{ D[(f>>2)+1]=now; F[f+7]=-1; if(ST[32+1]<0)ST[32+1]=f; else F[ST[32+2]+7]=f; ST[32+2]=f; F[f]=33; goto main_; }
case 33: F[f]=35; t=now+0.0005; seq++; i=lt0&MASK; lt0++; R0[i].t=t; R0[i].id=f; R0[i].seq=seq; if(L0==INF){L0=t;Z0=seq;} goto main_;
case 35: if(ST[36]>0){ST[36]--;CW[36>>2]++;}else{ D[(f>>2)+1]=now; F[f+7]=-1; if(ST[36+1]<0)ST[36+1]=f; else F[ST[36+2]+7]=f; ST[36+2]=f; F[f]=37; goto main_; }
case 37: q=ep[3]; if(q==256){refill(3);q=0;} ep[3]=q+1; x=eb[3][q];dt=x*0.006; F[f]=40; goto sched;
case 40: g=ST[36+1]; if(g>=0){ ST[36+1]=F[g+7]; w=now-D[(g>>2)+1]; SW[36>>2]+=w; SW2[36>>2]+=w*w; CW[36>>2]++; ready[rsp++]=g; } else ST[36]++;
case 42: F[f]=44; t=now+0.0005; seq++; i=lt0&MASK; lt0++; R0[i].t=t; R0[i].id=f; R0[i].seq=seq; if(L0==INF){L0=t;Z0=seq;} goto main_;
case 44: g=ST[32+1]; if(g>=0){ ST[32+1]=F[g+7]; w=now-D[(g>>2)+1]; SW[32>>2]+=w; SW2[32>>2]+=w*w; CW[32>>2]++; ready[rsp++]=g; } else ST[32]++;
case 46: g=ST[28+1]; if(g>=0){ ST[28+1]=F[g+7]; w=now-D[(g>>2)+1]; SW[28>>2]+=w; SW2[28>>2]+=w*w; CW[28>>2]++; ready[rsp++]=g; } else ST[28]++;
case 48: F[f]=50; t=now+0.0005; seq++; i=lt0&MASK; lt0++; R0[i].t=t; R0[i].id=f; R0[i].seq=seq; if(L0==INF){L0=t;Z0=seq;} goto main_;
case 50: s=F[f+1]; if(F[s+2]==F[f+3]){ F[s+2]++; F[s]+=3; g=F[s+1]; F[g+5]--; if(F[g+5]==0) ready[rsp++]=g; } F[f+7]=fl; fl=f; live--; goto main_;
case 51: live++; g=fl; fl=F[g+7]; F[g]=0; F[g+1]=f; F[g+3]=F[f+2]; ready[rsp++]=g; F[f]=56; t=now+0.05; seq++; i=lt1&MASK; lt1++; R1[i].t=t; R1[i].id=f; R1[i].seq=seq; if(L1==INF){L1=t;Z1=seq;} goto main_;
case 56: timeouts++; F[f+2]++; q=F[f+4]+1; F[f+4]=q; if(q==1){ F[f]=51; t=now+0.005; seq++; i=lt2&MASK; lt2++; R2[i].t=t; R2[i].id=f; R2[i].seq=seq; if(L2==INF){L2=t;Z2=seq;} goto main_; } if(q==2){ F[f]=51; t=now+0.01; seq++; i=lt3&MASK; lt3++; R3[i].t=t; R3[i].id=f; R3[i].seq=seq; if(L3==INF){L3=t;Z3=seq;} goto main_; } g=F[f+1]; F[g+6]=1; F[g+5]--; if(F[g+5]==0) ready[rsp++]=g; F[f+7]=fl; fl=f; live--; goto main_;
case 59: F[f+7]=fl; fl=f; live--; goto main_;
case 60: live++; g=fl; fl=F[g+7]; F[g]=12; F[g+1]=f; F[g+3]=F[f+2]; ready[rsp++]=g; F[f]=65; t=now+0.05; seq++; i=lt1&MASK; lt1++; R1[i].t=t; R1[i].id=f; R1[i].seq=seq; if(L1==INF){L1=t;Z1=seq;} goto main_;
case 65: timeouts++; F[f+2]++; q=F[f+4]+1; F[f+4]=q; if(q==1){ F[f]=60; t=now+0.005; seq++; i=lt2&MASK; lt2++; R2[i].t=t; R2[i].id=f; R2[i].seq=seq; if(L2==INF){L2=t;Z2=seq;} goto main_; } if(q==2){ F[f]=60; t=now+0.01; seq++; i=lt3&MASK; lt3++; R3[i].t=t; R3[i].id=f; R3[i].seq=seq; if(L3==INF){L3=t;Z3=seq;} goto main_; } g=F[f+1]; F[g+6]=1; F[g+5]--; if(F[g+5]==0) ready[rsp++]=g; F[f+7]=fl; fl=f; live--; goto main_;
case 68: F[f+7]=fl; fl=f; live--; goto main_;
case 69: live++; g=fl; fl=F[g+7]; F[g]=24; F[g+1]=f; F[g+3]=F[f+2]; ready[rsp++]=g; F[f]=74; t=now+0.05; seq++; i=lt1&MASK; lt1++; R1[i].t=t; R1[i].id=f; R1[i].seq=seq; if(L1==INF){L1=t;Z1=seq;} goto main_;
case 74: timeouts++; F[f+2]++; q=F[f+4]+1; F[f+4]=q; if(q==1){ F[f]=69; t=now+0.005; seq++; i=lt2&MASK; lt2++; R2[i].t=t; R2[i].id=f; R2[i].seq=seq; if(L2==INF){L2=t;Z2=seq;} goto main_; } if(q==2){ F[f]=69; t=now+0.01; seq++; i=lt3&MASK; lt3++; R3[i].t=t; R3[i].id=f; R3[i].seq=seq; if(L3==INF){L3=t;Z3=seq;} goto main_; } g=F[f+1]; F[g+6]=1; F[g+5]--; if(F[g+5]==0) ready[rsp++]=g; F[f+7]=fl; fl=f; live--; goto main_;
case 77: F[f+7]=fl; fl=f; live--; goto main_;
case 78: F[f]=80; t=now+0.0005; seq++; i=lt0&MASK; lt0++; R0[i].t=t; R0[i].id=f; R0[i].seq=seq; if(L0==INF){L0=t;Z0=seq;} goto main_;
case 80: if(ST[0]>0){ST[0]--;CW[0>>2]++;}else{ D[(f>>2)+1]=now; F[f+7]=-1; if(ST[0+1]<0)ST[0+1]=f; else F[ST[0+2]+7]=f; ST[0+2]=f; F[f]=82; goto main_; }
case 82: q=ep[4]; if(q==256){refill(4);q=0;} ep[4]=q+1; x=eb[4][q];dt=x*0.001; F[f]=85; goto sched;
case 85: g=ST[0+1]; if(g>=0){ ST[0+1]=F[g+7]; w=now-D[(g>>2)+1]; SW[0>>2]+=w; SW2[0>>2]+=w*w; CW[0>>2]++; ready[rsp++]=g; } else ST[0]++;
case 87: F[f]=89; t=now+0.0005; seq++; i=lt0&MASK; lt0++; R0[i].t=t; R0[i].id=f; R0[i].seq=seq; if(L0==INF){L0=t;Z0=seq;} goto main_;
case 89: q=lbp[0]; F[f+4]=(1+q)*4; q++; lbp[0]=q==4?0:q;
case 93: s=F[f+4]; if(ST[s]>0){ST[s]--;CW[s>>2]++;}else{ D[(f>>2)+1]=now; F[f+7]=-1; if(ST[s+1]<0)ST[s+1]=f; else F[ST[s+2]+7]=f; ST[s+2]=f; F[f]=94; goto main_; }
case 94: q=ep[5]; if(q==256){refill(5);q=0;} ep[5]=q+1; x=eb[5][q];dt=x*0.004; F[f]=97; goto sched;
case 97: F[f+5]=3; F[f]=102;live++; g=fl; fl=F[g+7]; F[g]=51; F[g+1]=f; F[g+4]=0; ready[rsp++]=g; live++; g=fl; fl=F[g+7]; F[g]=60; F[g+1]=f; F[g+4]=0; ready[rsp++]=g; live++; g=fl; fl=F[g+7]; F[g]=69; F[g+1]=f; F[g+4]=0; ready[rsp++]=g; goto main_;
case 102: s=F[f+4]; g=ST[s+1]; if(g>=0){ ST[s+1]=F[g+7]; w=now-D[(g>>2)+1]; SW[s>>2]+=w; SW2[s>>2]+=w*w; CW[s>>2]++; ready[rsp++]=g; } else ST[s]++;
case 103: F[f]=105; t=now+0.0005; seq++; i=lt0&MASK; lt0++; R0[i].t=t; R0[i].id=f; R0[i].seq=seq; if(L0==INF){L0=t;Z0=seq;} goto main_;
case 105: F[f]=107; t=now+0.0005; seq++; i=lt0&MASK; lt0++; R0[i].t=t; R0[i].id=f; R0[i].seq=seq; if(L0==INF){L0=t;Z0=seq;} goto main_;
case 107: w=now-D[f>>2]; sumL+=w; {union{double d;uint64_t u;}v_;v_.d=w;int b_=(int)(v_.u>>(52-HSUB))-HLO;if(b_<0)b_=0;else if(b_>=HN)b_=HN-1;hist[b_]++;} done++; fails+=F[f+6]; F[f+7]=fl; fl=f; live--; if(done>=N) goto end_; goto main_;
case 108: live++; g=fl; fl=F[g+7]; F[g]=78; D[g>>2]=now; F[g+6]=0; ready[rsp++]=g; q=ep[6]; if(q==256){refill(6);q=0;} ep[6]=q+1; x=eb[6][q]; dt=x*0.0009090909090909091; F[f]=108; goto sched; }
 sched: t=now+dt; seq++; if(hole){hole=0;siftdown(hn,t,f,seq);} else {i=hn++; siftup(i,t,f,seq);} }
end_: res.done=done;res.events=events;res.meanL=sumL/done;res.p50=quant(done,.5);res.p99=quant(done,.99);res.fails=fails;res.timeouts=timeouts;res.meanW0=sw[0]/cw[0]; }
#define LOAD load_micro
#include "main.h"
